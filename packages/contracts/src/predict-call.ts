import { ByteReader, ByteWriter } from './byte-codec.js';
import { PREDICT_ROUTES, type PredictRoute } from './routes/predict.routes.js';
import { PATH_PARAMETER, type PredictRouteDefinition } from './routes/predict-route-definition.js';

/**
 * One call of the data plane, as the gateway hands it to serving inside a frame, and its answer. The gateway does not read the body;
 * serving reads it once.
 *
 * Call: `u8 version` · `u8 code of the route` · its parameters, in the order of its path · `u16 count` and as many names and values of the
 * query · `u8 1` and the traffic key, or `u8 0` · key id · request id · `u32 time left, ms` (0 = nothing to say) · `u8 1` and the seed of
 * ids, or `u8 0` · headers · body as it was received.
 * Answer: `u16 status` · `u16 retry after, seconds` (0 = nothing to say) · `u8 content type` · headers · body.
 * A text is `u16 bytes` and UTF-8; headers are `u8 count` and as many `u8 number` and text; integers are little-endian.
 */
export interface PredictCall {
  readonly route: PredictRoute;
  /** Exactly the parameters of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  /** In the order in which they stood there, repeated names included. */
  readonly query: readonly QueryPair[];
  /** Keeps one unit (a patient, a user) on one side of a canary or an A/B test; null: each request by itself. */
  readonly trafficKey: string | null;
  /** Id of the caller's API key; never the key. Empty on a route that is open to everybody. */
  readonly keyId: string;
  readonly requestId: string;
  /** Milliseconds from now on in which an answer is of use, at least 1; absent: as long as it takes. */
  readonly timeLeftMs?: number | undefined;
  /**
   * {@link ID_SEED_BYTES} from which the prediction ids of its rows are made. A call that is sent again with the same seed is in the
   * prediction log once, whoever answers it. Absent: serving draws one.
   */
  readonly idSeed?: Uint8Array | undefined;
  readonly headers: CallHeaders;
  readonly body: Uint8Array;
}

export type QueryPair = readonly [name: string, value: string];

/** What of a request's head its protocol needs, by number: entries are only ever added. */
export const CALL_HEADERS = [
  'content-encoding',
  'inference-header-content-length',
  'content-type',
  /** The gateway's own: goes on with a stream whose last part had this cursor. */
  'stream-cursor',
  /** The gateway's own: nobody reads that stream any more. */
  'stream-end',
  'traceparent',
] as const;
export type CallHeaders = Readonly<Partial<Record<(typeof CALL_HEADERS)[number], string>>>;

export const PREDICT_ANSWER_TYPES = [
  'application/json; charset=utf-8',
  'application/problem+json; charset=utf-8',
  'application/json',
  'application/octet-stream',
  'text/plain; charset=utf-8',
  'application/grpc',
  'text/event-stream; charset=utf-8',
] as const;

/** Headers of an answer beside its content type, by number: entries are only ever added. */
export const ANSWER_HEADERS = [
  'inference-header-content-length',
  /** For the gateway alone: more follows; the next part is given for this cursor, by the same serving process. */
  'stream-cursor',
] as const;
export type AnswerHeaders = Readonly<Partial<Record<(typeof ANSWER_HEADERS)[number], string>>>;

export interface PredictAnswer {
  readonly status: number;
  readonly contentType: (typeof PREDICT_ANSWER_TYPES)[number];
  /** Seconds after which another try makes sense; 0 when there is nothing to say. */
  readonly retryAfterSeconds: number;
  readonly headers?: AnswerHeaders;
  readonly body: Uint8Array;
}

/** A seed of prediction ids is a UUID (version 7) in 16 bytes, big-endian: its first six are the time, in ms since 1970. */
export const ID_SEED_BYTES = 16;

const VERSION = 3;
/** Room for the heads of nearly all calls and answers; a larger one is written all the same. */
const CALL_HEAD_BYTES = 512;
const ANSWER_HEAD_BYTES = 64;

interface RouteOnTheWire {
  readonly route: PredictRoute;
  readonly code: number;
  readonly params: readonly string[];
}

/**
 * The parameters of a path, as the keys of an object have them: a text that was cut out of another is equal to such a key, but V8 throws the
 * compiled code of whoever looks up by it away, again and again.
 */
const paramsOf = (path: string): readonly string[] =>
  Object.keys(Object.fromEntries(Array.from(path.matchAll(PATH_PARAMETER), ([, name = '']) => [name, true])));

const routes = Object.entries<PredictRouteDefinition>(PREDICT_ROUTES).map(
  ([route, { code, path }]): RouteOnTheWire => ({
    route: route as PredictRoute, // the keys of a constant
    code,
    params: paramsOf(path),
  }),
);
const routeByName = new Map(routes.map((one) => [one.route, one]));
const routeByCode = new Map(routes.map((one) => [one.code, one]));

function writeHeaders<N extends string>(
  out: ByteWriter,
  names: readonly N[],
  headers: Readonly<Partial<Record<N, string>>>,
): void {
  let count = 0;
  for (const name of names) if (headers[name] !== undefined) count += 1;
  out.byte(count);
  names.forEach((name, number) => {
    const value = headers[name];
    if (value === undefined) return;
    out.byte(number);
    out.text(value);
  });
}

/** Numbers rise, so that no header comes twice. */
function readHeaders<N extends string>(from: ByteReader, names: readonly N[]): Partial<Record<N, string>> {
  const headers: Partial<Record<N, string>> = {};
  let last = -1;
  for (let count = from.byte(); count > 0; count--) {
    const number = from.byte();
    const name = names[number];
    if (name === undefined || number <= last) throw new RangeError('The bytes name a header that is not known here.');
    headers[name] = from.text();
    last = number;
  }
  return headers;
}

function readFlag(from: ByteReader, what: string): boolean {
  const flag = from.byte();
  if (flag > 1) throw new RangeError(`The call does not say whether it has ${what}.`);
  return flag === 1;
}

/**
 * Everything before the body, which follows as it is.
 * @param timeLeftMs @param idSeed of whoever sends the call on, in place of its own
 * @throws RangeError when a text is longer than 65 535 bytes
 */
export function encodePredictCallHead(
  call: PredictCall,
  timeLeftMs: number | undefined = call.timeLeftMs,
  idSeed: Uint8Array | undefined = call.idSeed,
): Uint8Array {
  const route = routeByName.get(call.route);
  if (!route) throw new RangeError('There is no such route.');
  const out = new ByteWriter(CALL_HEAD_BYTES);
  out.byte(VERSION);
  out.byte(route.code);
  for (const name of route.params) out.text(call.params[name] ?? '');
  out.short(call.query.length);
  for (const [name, value] of call.query) {
    out.text(name);
    out.text(value);
  }
  out.byte(call.trafficKey === null ? 0 : 1);
  if (call.trafficKey !== null) out.text(call.trafficKey);
  out.text(call.keyId);
  out.text(call.requestId);
  out.int(timeLeftMs ?? 0);
  out.byte(idSeed ? 1 : 0);
  if (idSeed) out.bytes(idSeed);
  writeHeaders(out, CALL_HEADERS, call.headers);
  return out.end();
}

/** The body is a view of `bytes`. @throws RangeError or TypeError when `bytes` are not a call, or one of another age. */
export function decodePredictCall(bytes: Uint8Array): PredictCall {
  const from = new ByteReader(bytes);
  if (from.byte() !== VERSION) throw new RangeError('The call has the form of another version.');
  const found = routeByCode.get(from.byte());
  if (!found) throw new RangeError('The call is for a route that is not known here.');
  const params: Record<string, string> = {};
  for (const name of found.params) params[name] = from.text();
  const query: QueryPair[] = [];
  for (let count = from.short(); count > 0; count--) query.push([from.text(), from.text()]);
  const trafficKey = readFlag(from, 'a traffic key') ? from.text() : null;
  const keyId = from.text();
  const requestId = from.text();
  const timeLeftMs = from.int() || undefined;
  const idSeed = readFlag(from, 'a seed of ids') ? from.bytes(ID_SEED_BYTES) : undefined;
  const headers = readHeaders(from, CALL_HEADERS);
  const { route } = found;
  return { route, params, query, trafficKey, keyId, requestId, timeLeftMs, idSeed, headers, body: from.rest() };
}

const NO_HEADERS: AnswerHeaders = {};

export function encodePredictAnswer(answer: PredictAnswer): Uint8Array {
  const out = new ByteWriter(ANSWER_HEAD_BYTES + answer.body.byteLength);
  out.short(answer.status);
  out.short(Math.min(answer.retryAfterSeconds, 0xffff));
  out.byte(PREDICT_ANSWER_TYPES.indexOf(answer.contentType));
  writeHeaders(out, ANSWER_HEADERS, answer.headers ?? NO_HEADERS);
  out.bytes(answer.body);
  return out.end();
}

/** The body is a view of `bytes`. @throws RangeError or TypeError when `bytes` are not an answer. */
export function decodePredictAnswer(bytes: Uint8Array): PredictAnswer {
  const from = new ByteReader(bytes);
  const status = from.short();
  const retryAfterSeconds = from.short();
  const contentType = PREDICT_ANSWER_TYPES[from.byte()];
  if (contentType === undefined || status < 200 || status > 599) throw new RangeError('The bytes are not an answer.');
  const headers = readHeaders(from, ANSWER_HEADERS);
  return { status, contentType, retryAfterSeconds, headers, body: from.rest() };
}
