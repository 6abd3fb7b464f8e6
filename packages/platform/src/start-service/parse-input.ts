import { DomainError } from '@gimbal/domain';
import type { z } from 'zod';

const ERRORS_MAX = 50;
const MESSAGE_MAX = 300;

/** One thing wrong with what was sent; `path` is dotted (`rows.0.age`), empty for the whole body. */
export interface InputFault {
  readonly path: string;
  readonly message: string;
}

/** What was sent does not have the agreed form; answered 400 with every fault (at most 50). */
export class InvalidInputError extends DomainError<'validation-failed'> {
  readonly errors: readonly InputFault[];

  constructor(errors: readonly InputFault[]) {
    const [first] = errors;
    super(
      'validation-failed',
      first ? `${first.path ? `${first.path}: ` : ''}${first.message}` : 'The input is not valid.',
    );
    this.errors = errors;
  }
}

interface Issue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
  readonly code?: unknown;
  readonly keys?: unknown;
}

const clip = (text: string): string => (text.length > MESSAGE_MAX ? `${text.slice(0, MESSAGE_MAX - 1)}…` : text);

const dotted = (path: Issue['path'] = []): string =>
  clip(path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'));

const faultsOf = (issue: Issue): InputFault[] => {
  const path = dotted(issue.path);
  if (issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)) {
    return issue.keys
      .slice(0, ERRORS_MAX)
      .map((key) => ({ path: clip(path ? `${path}.${key}` : String(key)), message: 'is not a known field' }));
  }
  return [{ path, message: clip(issue.message) }];
};

/** Issues of any Standard Schema as faults. zod names types and limits in its messages, never the values that were sent. */
export function toInvalidInput(issues: readonly Issue[]): InvalidInputError {
  return new InvalidInputError(issues.slice(0, ERRORS_MAX).flatMap(faultsOf).slice(0, ERRORS_MAX));
}

/**
 * Parses what a caller sent, where the pipe does not reach (a stream, a multipart field, a header).
 * A plain `schema.parse` is for our own data: its failure is a bug of ours and answered 500.
 * @throws InvalidInputError answered 400 `validation-failed`
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw toInvalidInput(parsed.error.issues);
  return parsed.data;
}
