import { CommanderError } from 'commander';
import { GimbalError } from '../gimbal-error.js';
import { isUnanswered } from '../temporary-failure.js';

/** What a shell may tell failures apart by; `docs/guides/cli.md` says the same. */
export const EXIT = {
  done: 0,
  /** Something failed on the other side, or in the program. */
  failed: 1,
  /** The command cannot be understood, or what it sends breaks the rules. */
  usage: 2,
  notFound: 3,
  /** No key, a wrong one, or one without the role. */
  notAllowed: 4,
  /** Not in the present state: the gate said no, it was changed meanwhile, it exists already. */
  refused: 5,
  /** The gateway or what it needs does not answer. */
  unreachable: 6,
} as const;

/** The command line was used as it cannot be. */
export class UsageError extends Error {}

/** What the command is about is not there. */
export class NotFoundError extends Error {}

const BY_STATUS: Readonly<Record<number, number>> = {
  400: EXIT.usage,
  401: EXIT.notAllowed,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  409: EXIT.refused,
  412: EXIT.refused,
  413: EXIT.usage,
  415: EXIT.usage,
  422: EXIT.usage,
  502: EXIT.unreachable,
  503: EXIT.unreachable,
  504: EXIT.unreachable,
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage; // 0: help was asked for
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof NotFoundError) return EXIT.notFound;
  if (error instanceof GimbalError) return BY_STATUS[error.status] ?? EXIT.failed;
  return isUnanswered(error) ? EXIT.unreachable : EXIT.failed;
}

/** What is told of a failure on one line or more. */
export function describeFailure(error: unknown): string {
  const { cause, message = String(error) } = Object(error) as {
    cause?: { message?: string; code?: string };
    message?: string;
  };
  if (!isUnanswered(error)) return message;
  const why = cause?.message || cause?.code || message; // of several addresses only the code is told
  return `the gateway does not answer: ${why}`;
}
