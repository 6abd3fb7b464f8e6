import type { PredictAnswer } from './predict-call.js';
import type { Problem } from './problem.js';
import type { PredictProtocol } from './routes/predict.routes.js';

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

/** The body of a failure in the form of each protocol, made alike by the gateway and by serving. */
const REFUSALS: Readonly<Record<PredictProtocol, (problem: Problem) => Refusal>> = {
  'named-fields': (problem) => ({
    status: problem.status,
    contentType: 'application/problem+json; charset=utf-8',
    body: utf8.encode(JSON.stringify(problem)),
  }),
  // A model without a live version is one that is not ready.
  'open-inference': (problem) => ({
    status: problem.code === 'no-live-version' ? 503 : problem.status,
    contentType: 'application/json',
    body: utf8.encode(JSON.stringify({ error: sentenceOf(problem) })),
  }),
};

export function wordRefusal(protocol: PredictProtocol, problem: Problem): Refusal {
  return REFUSALS[protocol](problem);
}
