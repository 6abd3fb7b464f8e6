import { z } from 'zod';

/**
 * Every failure that a caller can meet: the only place where a failure's code gets its HTTP status. `docs/errors.md` explains
 * each code (a test holds the two together). A service throws `DomainError(code, detail)`; the edge looks the status up here.
 */
export const PROBLEMS = {
  // What was sent
  'validation-failed': { status: 400, title: 'The request does not have the agreed form' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-cursor': { status: 400, title: 'The page cursor was not made by this list' },
  'invalid-model-file': { status: 400, title: 'The file is not an ONNX model that can be served' },
  'invalid-traffic-plan': { status: 400, title: 'The traffic plan is not consistent' },
  'invalid-schedule': { status: 400, title: 'The schedule is not a valid cron expression' },
  'destination-refused': { status: 400, title: 'That address may not be called from here' },
  'dataset-invalid': { status: 422, title: 'The data break their own definition' },
  'table-too-large': { status: 422, title: 'The table needs more memory than a training may take' },
  'payload-too-large': { status: 413, title: 'The body is larger than allowed' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  // Who sent it
  'missing-api-key': { status: 401, title: 'An API key is needed' },
  'invalid-api-key': { status: 401, title: 'The API key is not valid' },
  'role-required': { status: 403, title: 'The key lacks the role for this' },
  'caller-not-trusted': { status: 403, title: 'This service does not take calls from that caller' },
  'self-approval': { status: 403, title: 'Nobody approves what their own key proposed' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  // What was asked for
  'route-not-found': { status: 404, title: 'No such route' },
  'model-not-found': { status: 404, title: 'No such model' },
  'version-not-found': { status: 404, title: 'No such model version' },
  'manifest-not-found': { status: 404, title: 'The version has no manifest' },
  'alias-not-found': { status: 404, title: 'No such alias' },
  'experiment-not-found': { status: 404, title: 'No such experiment' },
  'run-not-found': { status: 404, title: 'No such run' },
  'dataset-not-found': { status: 404, title: 'No such dataset' },
  'dataset-version-not-found': { status: 404, title: 'No such dataset version' },
  'artifact-not-found': { status: 404, title: 'No such artifact' },
  'training-run-not-found': { status: 404, title: 'No such training run' },
  'schedule-not-found': { status: 404, title: 'No such schedule' },
  'prediction-not-found': { status: 404, title: 'No such prediction' },
  'assessment-not-found': { status: 404, title: 'No such assessment' },
  'report-not-found': { status: 404, title: 'No such report' },
  'alert-not-found': { status: 404, title: 'No such alert' },
  'incident-not-found': { status: 404, title: 'No such incident' },
  'action-not-found': { status: 404, title: 'No such action' },
  'api-key-not-found': { status: 404, title: 'No such API key' },
  'webhook-not-found': { status: 404, title: 'No such webhook' },
  'batch-prediction-not-found': { status: 404, title: 'No such batch prediction' },
  'job-not-found': { status: 404, title: 'No such job' },
  // What stands in the way
  'already-exists': { status: 409, title: 'It exists already' },
  'idempotency-key-reused': { status: 409, title: 'The idempotency key was used with another request' },
  'idempotency-in-progress': {
    status: 409,
    title: 'The first request with this idempotency key is still being answered',
  },
  'mirror-off': { status: 409, title: 'No MLflow server is told' },
  'task-mismatch': { status: 409, title: 'The model answers another question than the route asks' },
  'explanation-unavailable': { status: 409, title: 'This version of the model cannot be explained' },
  'replay-unavailable': { status: 409, title: 'The prediction cannot be computed again' },
  'version-not-servable': { status: 409, title: 'Serving cannot run this version' },
  'no-live-version': { status: 409, title: 'The model has no live version' },
  'promotion-refused': { status: 409, title: 'The gate refused the promotion' },
  'promotion-conflict': { status: 409, title: 'The live version changed meanwhile' },
  'nothing-to-roll-back': { status: 409, title: 'There is no earlier version to go back to' },
  'revision-conflict': { status: 412, title: 'It was changed meanwhile' },
  'invalid-transition': { status: 409, title: 'That step is not possible from the present state' },
  'approval-expired': { status: 409, title: 'The proposal has expired' },
  'approval-decided': { status: 409, title: 'The proposal was decided already' },
  'approval-stale': { status: 409, title: 'The evidence behind the proposal no longer holds' },
  'agent-paused': { status: 409, title: 'The agent is paused' },
  'not-enough-data': { status: 409, title: 'There are too few rows to judge' },
  // What is not available now
  'no-model-available': { status: 503, title: 'No version of the model can answer now' },
  'circuit-open': { status: 503, title: 'The model is taken out of service after repeated failures' },
  'queue-unavailable': { status: 503, title: 'The job queue cannot be reached' },
  'database-unavailable': { status: 503, title: 'The database cannot be reached' },
  'storage-full': { status: 503, title: 'There is no space left to keep the result safely' },
  'storage-failed': { status: 503, title: 'The storage cannot be written or read' },
  'artifact-corrupt': { status: 500, title: 'A stored artifact does not match its digest' },
  'service-unavailable': { status: 503, title: 'A service behind this route cannot be reached' },
  overloaded: { status: 503, title: 'The service has more work than it may hold' },
  timeout: { status: 504, title: 'The answer did not come in time' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof PROBLEMS;

/** RFC 9457 problem details, as every route of ours answers a failure. `instance` is the request id. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  instance: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
