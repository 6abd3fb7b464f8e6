import {
  type CallHeaders,
  HTTP_PREDICT_ROUTES,
  type HttpPredictRoute,
  type HttpProtocol,
  PATH_PARAMETER,
  type PredictAnswer,
  type PredictCall,
  type PredictRouteDefinition,
  wordRefusal,
} from '@gimbal/contracts';
import type { Logger } from 'pino';
import type { FastConnectionParts, FastExchange, FastRoute } from '../fast-path/fast-connection.js';
import type { PlainHead } from '../fast-path/read-plain-head.js';
import { type FastAnswer, headerLine } from '../fast-path/write-answer.js';
import { describeProblem } from '../start-service/describe-problem.js';
import { acceptRequestId } from '../start-service/request-id.js';
import type { Admitted, PredictCaller } from './predict-caller.js';
import {
  CONTENT_TYPES,
  carryHeaders,
  parseTimeLeft,
  retryAfterSecondsOf,
  TRAFFIC_KEY_HEADER,
  TRAFFIC_KEY_LENGTH_MAX,
} from './predict-request.js';

export interface PlainPredictionsOptions {
  /** Answers a call. @throws DomainError */
  readonly predict: (call: PredictCall) => Promise<PredictAnswer>;
  /** @returns null when the key is not known at once. @throws DomainError as the door does */
  readonly admit: (caller: PredictCaller, role: PredictRouteDefinition['role']) => Admitted | Promise<Admitted> | null;
  readonly bodyLimitBytes: number;
  readonly logger: Pick<Logger, 'debug' | 'error' | 'info' | 'isLevelEnabled' | 'warn'>;
}

const NO_QUERY: PredictCall['query'] = [];

interface Matched {
  readonly route: HttpPredictRoute;
  readonly definition: PredictRouteDefinition<HttpProtocol>;
  readonly params: Readonly<Record<string, string>>;
}

type Pattern = Omit<Matched, 'params'> & { readonly path: RegExp };

/** Paths are of letters, `/` and `-`, so that nothing in them means something else to a regular expression. */
const toPattern = (path: string): string =>
  path.replaceAll(PATH_PARAMETER, '(?<$1>[A-Za-z0-9._~-]{1,200})').replaceAll('::', ':');

const PATTERNS = Object.entries<PredictRouteDefinition<HttpProtocol>>(HTTP_PREDICT_ROUTES)
  .filter(([, { method, streams }]) => method === 'POST' && !streams)
  .map(
    ([route, definition]): Pattern => ({
      route: route as HttpPredictRoute, // the keys of a constant
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
  readonly timeLeftMs: number | undefined;
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
  const timeLeftMs = parseTimeLeft(head.headers);
  if (timeLeftMs === null) return null;
  return { ...matched, trafficKey, timeLeftMs, carried: carryHeaders(head.headers, matched.definition.protocol) };
}

/**
 * Predictions whose request is plain and whose key is known, answered past Fastify with what it would answer; everything else is left
 * to it.
 */
export function takePlainPredictions(options: PlainPredictionsOptions): FastConnectionParts['route'] {
  return (head, remoteAddress) => {
    const prediction = readPrediction(head, options.bodyLimitBytes);
    return prediction && new PredictionsOfHead(prediction, head, remoteAddress, options);
  };
}

/** The predictions that one client asks for with one head. */
class PredictionsOfHead implements FastRoute {
  constructor(
    readonly prediction: Prediction,
    readonly head: PlainHead,
    readonly remoteAddress: string | undefined,
    readonly options: PlainPredictionsOptions,
  ) {}

  begin(): FastExchange | null {
    const exchange = new Exchange(this);
    return exchange.admit() ? exchange : null;
  }
}

/** One prediction, from its head to its answer. */
class Exchange implements PredictCaller, FastExchange {
  readonly headers: PredictCaller['headers'];
  readonly remoteAddress: string | undefined;
  private readonly requestId: string;
  private readonly begunMs = performance.now();
  private lines: string;
  private name: string | undefined;
  private admitted: Admitted | Promise<Admitted> | null = null;
  private failure: unknown;

  constructor(private readonly origin: PredictionsOfHead) {
    this.headers = origin.head.headers;
    this.remoteAddress = origin.remoteAddress;
    this.requestId = acceptRequestId(this.headers['x-request-id']);
    this.lines = headerLine('x-request-id', this.requestId);
  }

  tell(headers: Readonly<Record<string, string>>): void {
    for (const name in headers) this.lines += headerLine(name, headers[name] ?? '');
  }

  recognise(name: string): void {
    this.name = name;
  }

  /** @returns false when it is not known at once whether the caller may come in */
  admit(): boolean {
    const { options, prediction } = this.origin;
    try {
      this.admitted = options.admit(this, prediction.definition.role);
      if (this.admitted instanceof Promise) this.admitted.catch(() => undefined); // seen by the answer, if the body ever comes
      return this.admitted !== null;
    } catch (error) {
      this.failure = error;
      return true;
    }
  }

  async answer(body: Buffer): Promise<FastAnswer> {
    try {
      if (this.admitted === null) throw this.failure;
      const { key } = this.admitted instanceof Promise ? await this.admitted : this.admitted;
      const { status, retryAfterSeconds, headers, contentType, body: said } = await this.predict(key?.id ?? '', body);
      if (retryAfterSeconds > 0) this.tell({ 'retry-after': String(retryAfterSeconds) });
      if (headers) this.tell(headers);
      return this.end(status, contentType, said);
    } catch (error) {
      return this.refuse(error);
    }
  }

  private refuse(error: unknown): FastAnswer {
    const { logger } = this.origin.options;
    const { problem, expected } = describeProblem(error, this.requestId);
    if (!expected) logger.error({ err: error, request_id: this.requestId, code: problem.code }, 'request failed');
    const { status, contentType, body } = wordRefusal(this.origin.prediction.definition.protocol, problem);
    const retryAfterSeconds = retryAfterSecondsOf(problem);
    const isTold = this.lines.includes('retry-after: ');
    if (retryAfterSeconds > 0 && !isTold) this.tell({ 'retry-after': String(retryAfterSeconds) });
    return this.end(status, contentType, body);
  }

  private predict(keyId: string, body: Buffer): Promise<PredictAnswer> {
    const { route, params, trafficKey, timeLeftMs, carried } = this.origin.prediction;
    const { requestId } = this;
    const call = { route, params, query: NO_QUERY, trafficKey, keyId, requestId, timeLeftMs, headers: carried, body };
    return this.origin.options.predict(call);
  }

  private end(status: number, contentType: string, body: Uint8Array): FastAnswer {
    this.log(status);
    return { status, headers: this.lines + headerLine('content-type', contentType), body };
  }

  /** As the platform logs every request. */
  private log(status: number): void {
    const { logger } = this.origin.options;
    const level = status >= 500 ? 'warn' : status >= 400 ? 'info' : 'debug';
    if (!logger.isLevelEnabled(level)) return;
    logger[level](
      {
        request_id: this.requestId,
        method: 'POST',
        route: this.origin.prediction.definition.path,
        status,
        duration_ms: Math.round((performance.now() - this.begunMs) * 10) / 10,
        caller: this.name,
      },
      'request answered',
    );
  }
}
