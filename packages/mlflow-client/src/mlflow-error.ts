/**
 * What went wrong: nobody answered (`unreachable`), nobody answered in time (`timeout`), the server failed or was busy (`unavailable`:
 * 5xx, 429), it refused the request (`refused`: other 4xx), its answer is none of MLflow's (`bad-answer`), or it was not asked because
 * it failed repeatedly just before (`breaker-open`).
 */
export type MlflowFailure = 'unreachable' | 'timeout' | 'unavailable' | 'refused' | 'bad-answer' | 'breaker-open';

export interface MlflowErrorFacts {
  /** Method and path, such as `POST /api/2.0/mlflow/runs/create`; never with host, query or credentials. */
  readonly request: string;
  readonly failure: MlflowFailure;
  /** The server's own HTTP status. */
  readonly status?: number | undefined;
  /** The server's own `error_code`, such as `RESOURCE_DOES_NOT_EXIST`. */
  readonly errorCode?: string | undefined;
  /** How long the server asks to be left alone. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** A call that failed, with what MLflow itself said of it. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly request: string;
  readonly failure: MlflowFailure;
  readonly status: number | undefined;
  readonly errorCode: string | undefined;
  readonly retryAfterSeconds: number;
  /** The sentence alone: MLflow's own where it gave one. */
  readonly detail: string;

  constructor(detail: string, { request, failure, status, errorCode, retryAfterSeconds = 0, cause }: MlflowErrorFacts) {
    const said = [status, errorCode].filter((part) => part !== undefined).join(' ');
    super(`${request}: ${said === '' ? '' : `${said}: `}${detail}`, cause === undefined ? {} : { cause });
    this.detail = detail;
    this.request = request;
    this.failure = failure;
    this.status = status;
    this.errorCode = errorCode;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** True when the same request may well succeed later. */
  get isTransient(): boolean {
    return this.failure !== 'refused';
  }
}

/** True for MLflow's own way of saying that something is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof MlflowError && error.errorCode === 'RESOURCE_DOES_NOT_EXIST';
}

/** True when the server knows no such route: it is older than the call. */
export function isUnknownRoute(error: unknown): boolean {
  return error instanceof MlflowError && error.status === 404 && error.errorCode !== 'RESOURCE_DOES_NOT_EXIST';
}
