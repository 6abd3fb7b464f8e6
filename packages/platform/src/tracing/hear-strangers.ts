import type { PredictAnswer, PredictCall } from '@gimbal/contracts';
import { currentTracing } from './tracing.js';

type Predict = (call: PredictCall, after?: PredictAnswer) => Promise<PredictAnswer>;

/**
 * The same for calls that come from anybody: whether a trace that a caller began is kept is not for the caller alone to say. Where nothing is
 * traced it is `predict` itself.
 */
export function hearStrangers(predict: Predict): Predict {
  const tracing = currentTracing();
  if (!tracing) return predict;
  return (call, after) => {
    const { traceparent } = call.headers;
    // In the course of a request that is traced itself this was decided when that began.
    if (traceparent === undefined || tracing.current !== undefined) return predict(call, after);
    return predict({ ...call, headers: { ...call.headers, traceparent: tracing.hear(traceparent) } }, after);
  };
}
