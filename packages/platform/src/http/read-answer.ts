import { type ErrorCode, PROBLEMS, Problem } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { InvalidInputError } from '../start-service/parse-input.js';

/** An answer as it came: the body is read whole and bounded. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Our key was refused: a fault between services, which says nothing about the key of the user behind the call. */
const KEY_REFUSED: ReadonlySet<string> = new Set<ErrorCode>([
  'missing-api-key',
  'invalid-api-key',
  'caller-not-trusted',
]);
const DOWN: ReadonlySet<string> = new Set<ErrorCode>([
  'service-unavailable',
  'database-unavailable',
  'queue-unavailable',
  'timeout',
  'overloaded',
]);

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(PROBLEMS, code);

const problemOf = ({ headers, body }: Answer): Problem | undefined => {
  if (!String(headers['content-type'] ?? '').startsWith('application/problem+json')) return undefined;
  try {
    return Problem.safeParse(JSON.parse(body.toString('utf8'))).data;
  } catch {
    return undefined;
  }
};

/** In seconds, as services say it; a date, which they never say, counts as nothing. */
const retryAfterOf = ({ headers }: Answer): number => {
  const text = headers['retry-after'];
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : 0;
};

/** The failure that an answer tells of: the same DomainError that the other service threw. */
export function errorOfAnswer(service: string, answer: Answer): DomainError {
  const problem = problemOf(answer);
  if (problem && KEY_REFUSED.has(problem.code))
    return new DomainError('service-unavailable', `The ${service} service does not take this service's key.`);
  if (problem?.code === 'validation-failed')
    return new InvalidInputError(problem.errors ?? [{ path: '', message: problem.detail }]);
  const retryAfterSeconds = retryAfterOf(answer);
  if (problem && isErrorCode(problem.code)) return new DomainError(problem.code, problem.detail, { retryAfterSeconds });
  return new DomainError('service-unavailable', `The ${service} service answered ${answer.status}.`, {
    retryAfterSeconds,
  });
}

/** True when a failure says "not now", so that trying again, or waiting, makes sense. */
export const isDown = (error: unknown): boolean => error instanceof DomainError && DOWN.has(error.code);
