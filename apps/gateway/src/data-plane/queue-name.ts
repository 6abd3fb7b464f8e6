import type { PredictCall } from '@gimbal/contracts';

/** Key of `model_name`, field 1, a text, which is the first of a ModelInferRequest as every generated client writes it. */
const MODEL_NAME_KEY = 0x0a;
/** Longer names have no length of one byte; none of ours is so long. */
const ONE_BYTE = 0x80;

/**
 * The model that a prediction asks, as far as the gateway sees: it is named in the path or, over gRPC, at the beginning of the message. Else
 * the route, which stands for the model that it always asks.
 */
export function queueNameOf({ params, route, body, headers }: PredictCall): string {
  const named = params['model'];
  if (named !== undefined) return named;
  if (route !== 'grpcModelInfer' || body[0] !== MODEL_NAME_KEY || headers['content-encoding'] !== undefined)
    return route;
  const length = body[1] ?? ONE_BYTE;
  if (length >= ONE_BYTE || body.byteLength < 2 + length) return route;
  return Buffer.from(body.buffer, body.byteOffset + 2, length).toString('latin1');
}
