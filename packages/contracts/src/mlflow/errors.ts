import type { Problem } from '../problem.js';

/** The error codes of MLflow that are answered here, with their HTTP status (mlflow/exceptions.py, databricks.proto). */
export const MLFLOW_ERRORS = {
  INVALID_PARAMETER_VALUE: 400,
  BAD_REQUEST: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  INVALID_STATE: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const satisfies Record<string, number>;

export type MlflowErrorCode = keyof typeof MLFLOW_ERRORS;

/** A failure as MLflow's clients read it. */
export interface MlflowFailure {
  readonly error_code: MlflowErrorCode;
  readonly message: string;
}

/** Codes of ours that say more than their status does. */
const OF_CODE: Readonly<Record<string, MlflowErrorCode>> = {
  'already-exists': 'RESOURCE_ALREADY_EXISTS',
  'route-not-found': 'ENDPOINT_NOT_FOUND',
  'malformed-json': 'BAD_REQUEST',
};

const OF_STATUS: Readonly<Record<number, MlflowErrorCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_DOES_NOT_EXIST',
  409: 'RESOURCE_CONFLICT',
  412: 'RESOURCE_CONFLICT',
  429: 'REQUEST_LIMIT_EXCEEDED',
  503: 'TEMPORARILY_UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** One of our problems in MLflow's words, with the status that MLflow gives it. */
export function mlflowFailureOf({ code, status, detail }: Pick<Problem, 'code' | 'status' | 'detail'>): {
  readonly status: number;
  readonly body: MlflowFailure;
} {
  const own = OF_CODE[code];
  const error = own ?? OF_STATUS[status] ?? (status < 500 ? 'INVALID_PARAMETER_VALUE' : 'INTERNAL_ERROR');
  return { status: own ? MLFLOW_ERRORS[own] : status, body: { error_code: error, message: detail } };
}
