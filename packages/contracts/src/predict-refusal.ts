import type { PredictAnswer } from './predict-call.js';
import type { Problem } from './problem.js';
import type { PredictProtocol } from './routes/predict-route-definition.js';

/** What a refusal says, whatever else the answer holds. */
export type Refusal = Pick<PredictAnswer, 'status' | 'contentType' | 'body'>;

const utf8 = new TextEncoder();
const FAULTS_SHOWN_MAX = 5;

/** One sentence for protocols that have room for one: the detail, and the first faults with their paths. */
function sentenceOf({ detail, errors = [] }: Problem): string {
  const shown = errors.slice(0, FAULTS_SHOWN_MAX).map(({ path, message }) => `${path} ${message}`.trim());
  const more = errors.length - shown.length;
  if (shown.length === 0) return detail;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

const inJson = (status: number, body: object): Refusal => ({
  status,
  contentType: 'application/json',
  body: utf8.encode(JSON.stringify(body)),
});

/** A model without a live version is one that is not ready. */
const statusOf = ({ code, status }: Problem): number => (code === 'no-live-version' ? 503 : status);

/** The names of `mlflow.exceptions` for a status; MLflow's clients show them. */
const MLFLOW_CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_DOES_NOT_EXIST',
  409: 'RESOURCE_CONFLICT',
  429: 'REQUEST_LIMIT_EXCEEDED',
  500: 'INTERNAL_ERROR',
  503: 'TEMPORARILY_UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** The body of a failure in the form of each protocol, made alike by the gateway and by serving. */
const REFUSALS: Readonly<Record<PredictProtocol, (problem: Problem) => Refusal>> = {
  'named-fields': (problem) => ({
    status: problem.status,
    contentType: 'application/problem+json; charset=utf-8',
    body: utf8.encode(JSON.stringify(problem)),
  }),
  'open-inference': (problem) => inJson(statusOf(problem), { error: sentenceOf(problem) }),
  'kserve-v1': (problem) => inJson(statusOf(problem), { error: sentenceOf(problem) }),
  // gRPC's status follows from that of HTTP; its sentence is the body.
  'open-inference-grpc': (problem) => ({
    status: statusOf(problem),
    contentType: 'application/grpc',
    body: utf8.encode(sentenceOf(problem)),
  }),
  'mlflow-scoring': (problem) => {
    const status = statusOf(problem);
    const error_code = problem.code === 'validation-failed' ? 'INVALID_PARAMETER_VALUE' : MLFLOW_CODES[status];
    return inJson(status, { error_code: error_code ?? 'BAD_REQUEST', message: sentenceOf(problem) });
  },
};

export function wordRefusal(protocol: PredictProtocol, problem: Problem): Refusal {
  return REFUSALS[protocol](problem);
}
