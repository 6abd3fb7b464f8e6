/**
 * A broken promise with a stable name: what a service throws when it cannot do what it was asked to.
 *
 * Expected outcomes are values, not errors. The edge maps `code` to an HTTP status by one table (PROBLEMS in contracts);
 * nothing inside knows about HTTP.
 */
export class DomainError<C extends string = string> extends Error {
  /** Kebab-case word, stable across releases: callers branch on it. */
  readonly code: C;
  /** One sentence for the caller. It crosses the border: no secrets, no feature values, no paths of this machine. */
  readonly detail: string;
  /** When another try makes sense, in seconds; 0: that is not known, or never. */
  readonly retryAfterSeconds: number;

  constructor(
    code: C,
    detail: string,
    { retryAfterSeconds = 0, ...options }: { readonly cause?: unknown; readonly retryAfterSeconds?: number } = {},
  ) {
    super(`${code}: ${detail}`, options);
    this.name = 'DomainError';
    this.code = code;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** True for a {@link DomainError}, and with `code` only for that one. */
export function isDomainError<C extends string>(error: unknown, code?: C): error is DomainError<C> {
  return error instanceof DomainError && (code === undefined || error.code === code);
}
