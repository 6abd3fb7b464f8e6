import {
  type CallHeaders,
  PATH_PARAMETER,
  PREDICT_ROUTES,
  type PredictCall,
  type PredictRoute,
  type PredictRouteDefinition,
  wordRefusal,
} from '@gimbal/contracts';
import { acceptRequestId, describeProblem, type Logger } from '@gimbal/platform';
import type { Admission, Caller } from '../door/door.service.js';
import type { FastRequest, Taken } from '../fast-path/fast-connection.js';
import type { PlainHead } from '../fast-path/read-plain-head.js';
import type { FastAnswer } from '../fast-path/write-answer.js';
import type { DataPlane } from './data-plane.service.js';
import { CONTENT_TYPES, carryHeaders, TRAFFIC_KEY_HEADER, TRAFFIC_KEY_LENGTH_MAX } from './predict-request.js';

export interface PlainPredictionsOptions {
  readonly dataPlane: Pick<DataPlane, 'predict'>;
  /** @returns null when the key is not known at once. @throws DomainError as the door does */
  readonly admit: (caller: Caller, role: PredictRouteDefinition['role']) => Admission | Promise<Admission> | null;
  readonly bodyLimitBytes: number;
  readonly logger: Logger;
}

interface Matched {
  readonly route: PredictRoute;
  readonly definition: PredictRouteDefinition;
  readonly params: Readonly<Record<string, string>>;
}

type Pattern = Omit<Matched, 'params'> & { readonly path: RegExp };

/** Paths are of letters, `/` and `-`, so that nothing in them means something else to a regular expression. */
const toPattern = (path: string): string =>
  path.replaceAll(PATH_PARAMETER, '(?<$1>[A-Za-z0-9._~-]{1,200})').replaceAll('::', ':');

const PATTERNS = Object.entries<PredictRouteDefinition>(PREDICT_ROUTES)
  .filter(([, { method }]) => method === 'POST')
  .map(
    ([route, definition]): Pattern => ({
      route: route as PredictRoute, // the keys of a constant
      definition,
      path: new RegExp(`^${toPattern(definition.path)}$`),
    }),
  );

function matchRoute({ path }: PlainHead): Matched | null {
  for (const { path: pattern, ...rest } of PATTERNS) {
    const found = pattern.exec(path);
    if (found) return { ...rest, params: { ...found.groups } };
  }
  return null;
}

/** What of a prediction follows from its head alone; null when the request is not one of ours, or needs a second look. */
interface Prediction extends Matched {
  readonly trafficKey: string | null;
  readonly carried: CallHeaders;
}

function readPrediction(head: PlainHead, bodyLimitBytes: number): Prediction | null {
  const matched = matchRoute(head);
  if (!matched || head.bodyBytes > bodyLimitBytes) return null;
  const { 'content-type': contentType = '', [TRAFFIC_KEY_HEADER]: trafficKey = null } = head.headers;
  const wanted = CONTENT_TYPES[matched.definition.protocol];
  if (wanted !== null && contentType.split(';', 1)[0]?.trim().toLowerCase() !== wanted) return null;
  if (typeof trafficKey !== 'string' && trafficKey !== null) return null;
  if (trafficKey !== null && trafficKey.length > TRAFFIC_KEY_LENGTH_MAX) return null;
  return { ...matched, trafficKey, carried: carryHeaders(head.headers, matched.definition.protocol) };
}

/**
 * Predictions whose request is plain and whose key is known, answered past Fastify with what it would answer; everything else is left
 * to it.
 */
export function takePlainPredictions(options: PlainPredictionsOptions): (request: FastRequest) => Taken {
  const { admit, bodyLimitBytes } = options;
  // A client's connection gives the same head object again as long as it sends the same head.
  const predictions = new WeakMap<PlainHead, { readonly prediction: Prediction | null }>();
  const readOnce = (head: PlainHead): Prediction | null => {
    let known = predictions.get(head);
    if (!known) {
      known = { prediction: readPrediction(head, bodyLimitBytes) };
      predictions.set(head, known);
    }
    return known.prediction;
  };
  return ({ head, remoteAddress }) => {
    const prediction = readOnce(head);
    if (!prediction) return null;
    const exchange = new Exchange(prediction, acceptRequestId(head.headers['x-request-id']), options);
    const caller = { headers: head.headers, remoteAddress, tell: exchange.tell, recognise: exchange.recognise };
    try {
      const admission = admit(caller, prediction.definition.role);
      if (admission instanceof Promise) admission.catch(() => undefined); // seen by the answer, if the body ever comes
      return admission && ((body) => exchange.answer(admission, body));
    } catch (error) {
      return async () => exchange.refuse(error);
    }
  };
}

/** One prediction, from its head to its answer. */
class Exchange {
  private readonly headers: Record<string, string>;
  private readonly begunMs = performance.now();
  private caller: string | undefined;

  constructor(
    private readonly prediction: Prediction,
    private readonly requestId: string,
    private readonly options: PlainPredictionsOptions,
  ) {
    this.headers = { 'x-request-id': requestId };
  }

  readonly tell: Caller['tell'] = (headers) => void Object.assign(this.headers, headers);
  readonly recognise: Caller['recognise'] = (name) => {
    this.caller = name;
  };

  async answer(admission: Admission | Promise<Admission>, body: Buffer): Promise<Omit<FastAnswer, 'connection'>> {
    try {
      const { key } = admission instanceof Promise ? await admission : admission;
      const { status, retryAfterSeconds, headers, contentType, body: said } = await this.predict(key?.id ?? '', body);
      if (retryAfterSeconds > 0) this.headers['retry-after'] = String(retryAfterSeconds);
      Object.assign(this.headers, headers);
      return this.end(status, contentType, said);
    } catch (error) {
      return this.refuse(error);
    }
  }

  refuse(error: unknown): Omit<FastAnswer, 'connection'> {
    const { problem, expected } = describeProblem(error, this.requestId);
    if (!expected)
      this.options.logger.error({ err: error, request_id: this.requestId, code: problem.code }, 'request failed');
    const { status, contentType, body } = wordRefusal(this.prediction.definition.protocol, problem);
    return this.end(status, contentType, body);
  }

  private predict(keyId: string, body: Buffer) {
    const { route, params, trafficKey, carried } = this.prediction;
    const call: PredictCall = {
      route,
      params,
      query: [],
      trafficKey,
      keyId,
      requestId: this.requestId,
      headers: carried,
      body,
    };
    return this.options.dataPlane.predict(call);
  }

  private end(status: number, contentType: string, body: Uint8Array): Omit<FastAnswer, 'connection'> {
    this.headers['content-type'] = contentType;
    this.log(status);
    return { status, headers: this.headers, body };
  }

  /** As the platform logs every request. */
  private log(status: number): void {
    const { logger } = this.options;
    const level = status >= 500 ? 'warn' : status >= 400 ? 'info' : 'debug';
    if (!logger.isLevelEnabled(level)) return;
    logger[level](
      {
        request_id: this.requestId,
        method: 'POST',
        route: this.prediction.definition.path,
        status,
        duration_ms: Math.round((performance.now() - this.begunMs) * 10) / 10,
        caller: this.caller,
      },
      'request answered',
    );
  }
}
