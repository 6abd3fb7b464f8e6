import type { PredictAnswer, PredictCall } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { currentTracing, type SpanBeginning, type Tracing } from '../tracing/tracing.js';

/** What answers a call of the data plane. */
type AnswerCall = (call: PredictCall, after?: PredictAnswer) => Promise<PredictAnswer>;

const SERVER_FAULT = 500;

/**
 * The same with a span around each call, which goes on from the request's own span, or else from what the caller sent, and is handed on in
 * the call. Where nothing is traced it is `answer` itself.
 */
export function traceCalls(kind: SpanBeginning['kind'], answer: AnswerCall): AnswerCall {
  const tracing = currentTracing();
  return tracing ? (call, after) => answerTraced(tracing, kind, answer, call, after) : answer;
}

async function answerTraced(
  tracing: Tracing,
  kind: SpanBeginning['kind'],
  answer: AnswerCall,
  call: PredictCall,
  after: PredictAnswer | undefined,
): Promise<PredictAnswer> {
  const { route, requestId, headers } = call;
  const parent = tracing.current ?? headers.traceparent ?? '';
  const attributes = { 'gimbal.route': route, 'gimbal.request_id': requestId };
  const span = tracing.begin({ name: `predict ${route}`, kind, parent, attributes });
  const traced = { ...call, headers: { ...headers, traceparent: span.traceparent } };
  try {
    const given = await span.within(() => answer(traced, after));
    span.describe({ 'gimbal.status': given.status });
    span.end(given.status < SERVER_FAULT ? undefined : `answered ${given.status}`);
    return given;
  } catch (error) {
    span.end(isDomainError(error) ? error.code : 'unexpected');
    throw error;
  }
}
