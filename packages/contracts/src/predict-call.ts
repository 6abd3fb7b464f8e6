import { z } from 'zod';
import { PREDICT_ROUTES } from './routes.js';

/**
 * One call of the data plane, as the gateway hands it to serving inside a frame, and its answer. The gateway does not read the body;
 * serving parses it once.
 *
 * Call: `u32 head size` · head (JSON, {@link PredictCallHead}) · body as it was received.
 * Answer: `u16 status` · `u16 retry after, seconds` (0 = nothing to say) · `u8 content type` (0 JSON, 1 problem+json) · body.
 */
export type PredictRoute = keyof typeof PREDICT_ROUTES;

const PredictCallHead = z.strictObject({
  route: z.enum(Object.keys(PREDICT_ROUTES) as [PredictRoute, ...PredictRoute[]]), // the keys of a constant
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** Keeps one unit (a patient, a user) on one side of a canary or an A/B test; null: each request by itself. */
  trafficKey: z.string().max(200).nullable(),
  /** Name or id of the caller's API key; never the key. */
  keyId: z.string().max(200),
  requestId: z.string().max(100),
});
export type PredictCallHead = z.infer<typeof PredictCallHead>;

export interface PredictCall extends PredictCallHead {
  readonly body: Uint8Array;
}

export const PREDICT_ANSWER_TYPES = [
  'application/json; charset=utf-8',
  'application/problem+json; charset=utf-8',
] as const;

export interface PredictAnswer {
  readonly status: number;
  readonly contentType: (typeof PREDICT_ANSWER_TYPES)[number];
  /** Seconds after which another try makes sense; 0 when there is nothing to say. */
  readonly retryAfterSeconds: number;
  readonly body: Uint8Array;
}

const HEAD_SIZE_BYTES = 4;
const ANSWER_HEAD_BYTES = 5;
const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: true });

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function encodePredictCall({ body, ...head }: PredictCall): Uint8Array {
  const headBytes = utf8.encode(JSON.stringify(head));
  const out = new Uint8Array(HEAD_SIZE_BYTES + headBytes.byteLength + body.byteLength);
  viewOf(out).setUint32(0, headBytes.byteLength, true);
  out.set(headBytes, HEAD_SIZE_BYTES);
  out.set(body, HEAD_SIZE_BYTES + headBytes.byteLength);
  return out;
}

/** The body is a view of `bytes`. @throws Error (RangeError, SyntaxError, TypeError or ZodError) when `bytes` are not a call. */
export function decodePredictCall(bytes: Uint8Array): PredictCall {
  const bodyAt = HEAD_SIZE_BYTES + viewOf(bytes).getUint32(0, true);
  if (bodyAt > bytes.byteLength) throw new RangeError('The head of the call is longer than the call.');
  const head = PredictCallHead.parse(JSON.parse(text.decode(bytes.subarray(HEAD_SIZE_BYTES, bodyAt))));
  return { ...head, body: bytes.subarray(bodyAt) };
}

export function encodePredictAnswer({ status, contentType, retryAfterSeconds, body }: PredictAnswer): Uint8Array {
  const out = new Uint8Array(ANSWER_HEAD_BYTES + body.byteLength);
  const view = viewOf(out);
  view.setUint16(0, status, true);
  view.setUint16(2, Math.min(retryAfterSeconds, 0xffff), true);
  view.setUint8(4, PREDICT_ANSWER_TYPES.indexOf(contentType));
  out.set(body, ANSWER_HEAD_BYTES);
  return out;
}

/** The body is a view of `bytes`. @throws RangeError when `bytes` are not an answer. */
export function decodePredictAnswer(bytes: Uint8Array): PredictAnswer {
  const view = viewOf(bytes);
  const status = view.getUint16(0, true);
  const contentType = PREDICT_ANSWER_TYPES[view.getUint8(4)];
  if (contentType === undefined || status < 200 || status > 599) throw new RangeError('The bytes are not an answer.');
  return {
    status,
    contentType,
    retryAfterSeconds: view.getUint16(2, true),
    body: bytes.subarray(ANSWER_HEAD_BYTES),
  };
}
