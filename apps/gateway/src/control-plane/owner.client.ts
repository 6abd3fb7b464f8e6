import { Readable, Transform } from 'node:stream';
import { type Actor, SERVICE_NAMES, type ServiceName } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ACTOR_HEADER, currentTracing, encodeActor, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { type Dispatcher, errors, Pool } from 'undici';

/** A service that answers routes of the public door. */
export type Owner = Exclude<ServiceName, 'gateway'>;

export const OWNER_OPTIONS = Symbol('gateway:owner-options');
export interface OwnerOptions {
  /** One for each process of the service, at least one. */
  readonly urls: Readonly<Record<Owner, readonly string[]>>;
  readonly serviceKey: string;
  /** Time an owner has to begin its answer, and between two pieces of it. */
  readonly timeoutMs: number;
  /** Requests that may wait for one owner at once. */
  readonly inFlightMax: number;
}

/** A request as it is handed on. */
export interface OwnerRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query, escaped. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable | null;
  readonly actor: Actor;
  readonly requestId: string;
  /** Aborts when the answer is no longer wanted. */
  readonly signal: AbortSignal | undefined;
  /** `stream`: an answer without end, or one that takes as long as an upload. */
  readonly pace: 'answer' | 'stream';
}

export interface OwnerAnswer {
  readonly status: number;
  /** Only those that a caller may see. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

const ANSWER_HEADERS = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'content-security-policy',
  'accept-ranges',
  'etag',
  'last-modified',
  'location',
  'retry-after',
];
/** Largest answer that is held in memory: problems, and answers kept for an Idempotency-Key. */
const HELD_MAX = 4_194_304;
const UPLOAD_TIMEOUT_MS = 600_000;
const STREAM_IDLE_MS = 120_000;
/** Codes with which an owner refuses the gateway itself. */
const GATEWAY_REFUSED = /"code":"(missing-api-key|invalid-api-key|caller-not-trusted)"/;

/** Hands requests on to the services that own their routes: keep-alive, bounded in number and time, bodies as streams. */
@Injectable()
export class OwnerClient implements OnModuleDestroy, OnApplicationShutdown {
  private readonly pools: ReadonlyMap<Owner, readonly Pool[]>;
  private turn = 0;
  private readonly inFlight = new Map<Owner, number>();
  private readonly streams = new Set<Readable>();
  private readonly actorHeaders = new WeakMap<Actor, string>();

  constructor(
    @Inject(OWNER_OPTIONS) private readonly options: OwnerOptions,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'error'>,
  ) {
    const { urls, timeoutMs, inFlightMax } = options;
    const owners = SERVICE_NAMES.filter((name) => name !== 'gateway');
    const settings = {
      connections: inFlightMax,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: 2_000 },
      keepAliveTimeout: 10_000,
    };
    const open = (url: string): Pool => new Pool(new URL(url).origin, settings);
    this.pools = new Map(owners.map((owner) => [owner, urls[owner].map(open)]));
  }

  /** Streams without end would keep the server from closing. */
  onModuleDestroy(): void {
    for (const stream of this.streams) stream.destroy();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.values()].flat().map((pool) => pool.destroy()));
  }

  /** Processes of that service. */
  replicasOf(owner: Owner): number {
    return this.poolsOf(owner).length;
  }

  /**
   * The owner's answer, whatever its status; of an owner with several processes, that of one which is there.
   * @throws DomainError `service-unavailable` when it can't be reached or breaks off, `overloaded`, `timeout`
   */
  async send(owner: Owner, request: OwnerRequest): Promise<OwnerAnswer> {
    const pools = this.poolsOf(owner);
    const first = this.turn++; // others take their turns while this one waits
    for (let tried = 1; ; tried++) {
      try {
        return await this.sendTo(owner, (first + tried) % pools.length, request);
      } catch (error) {
        const isElsewhere = tried < pools.length && hasNotArrived(error) && !(request.body instanceof Readable);
        if (!isElsewhere) throw error;
      }
    }
  }

  /** The answer of one of the owner's processes. @param replica from 0 on. @throws DomainError as {@link send} */
  async sendTo(owner: Owner, replica: number, request: OwnerRequest): Promise<OwnerAnswer> {
    const leave = this.enter(owner);
    const pool = this.poolsOf(owner)[replica];
    if (!pool) throw new RangeError(`The ${owner} service has no process ${replica}.`);
    let answer: Dispatcher.ResponseData;
    try {
      answer = await this.dispatch(pool, request).catch((error: unknown) => {
        // A connection that was kept open may have been closed at the other end just now: what only reads is asked again.
        if (request.method === 'GET' && error instanceof errors.SocketError) return this.dispatch(pool, request);
        throw error;
      });
    } catch (error) {
      leave();
      throw this.explain(owner, error);
    }
    const { body } = answer;
    if (request.pace === 'stream') this.streams.add(body);
    body.once('close', () => {
      this.streams.delete(body);
      leave();
    });
    const passed = { status: answer.statusCode, headers: visibleHeaders(answer.headers), body };
    return answer.statusCode === 401 || answer.statusCode === 403 ? this.unmaskRefusal(owner, passed) : passed;
  }

  /** Reads an answer whole. @throws DomainError `service-unavailable` when it breaks off or is larger than 4 MiB */
  async hold(owner: Owner, { body }: Pick<OwnerAnswer, 'body'>): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of body) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > HELD_MAX)
          throw new DomainError('service-unavailable', `The ${owner} service answered more than can be kept.`);
      }
    } catch (error) {
      throw this.explain(owner, error);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  private poolsOf(owner: Owner): readonly Pool[] {
    const pools = this.pools.get(owner);
    if (!pools) throw new TypeError(`There is no service ${owner}.`);
    return pools;
  }

  private dispatch(pool: Pool, request: OwnerRequest): Promise<Dispatcher.ResponseData> {
    const { method, path, headers, body, actor, requestId, signal, pace } = request;
    const traceparent = currentTracing()?.current;
    return pool.request({
      method,
      path,
      body,
      ...(signal && { signal }),
      headers: {
        ...headers,
        authorization: `Bearer ${this.options.serviceKey}`,
        [ACTOR_HEADER]: this.headerOf(actor),
        'x-request-id': requestId,
        ...(traceparent !== undefined && { traceparent }),
      },
      ...(pace === 'stream' && { headersTimeout: UPLOAD_TIMEOUT_MS, bodyTimeout: STREAM_IDLE_MS }),
    });
  }

  /** Written once for each key. */
  private headerOf(actor: Actor): string {
    const header = this.actorHeaders.get(actor) ?? encodeActor(actor);
    this.actorHeaders.set(actor, header);
    return header;
  }

  private enter(owner: Owner): () => void {
    const waiting = this.inFlight.get(owner) ?? 0;
    if (waiting >= this.options.inFlightMax)
      throw new DomainError('overloaded', `The ${owner} service has as many requests waiting as it may.`);
    this.inFlight.set(owner, waiting + 1);
    let left = false;
    return () => {
      if (!left) this.inFlight.set(owner, (this.inFlight.get(owner) ?? 1) - 1);
      left = true;
    };
  }

  /** A refusal of the gateway's own key says nothing about the caller's. */
  private async unmaskRefusal(owner: Owner, answer: OwnerAnswer): Promise<OwnerAnswer> {
    const text = await this.hold(owner, answer);
    if (!GATEWAY_REFUSED.test(text)) return { ...answer, body: Readable.from([Buffer.from(text)]) };
    this.logger.error({ owner, status: answer.status }, 'a service refuses the key of the gateway');
    throw new DomainError('service-unavailable', `The ${owner} service does not take calls of this gateway.`);
  }

  private explain(owner: Owner, error: unknown): unknown {
    if (error instanceof DomainError || (error instanceof Error && error.name === 'AbortError')) return error;
    if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
      return new DomainError('timeout', `The ${owner} service did not answer in time.`, { cause: error });
    return new DomainError('service-unavailable', `The ${owner} service cannot be reached.`, { cause: error });
  }
}

const NO_CONNECTION: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether no connection was made: then nothing has been done. */
function hasNotArrived(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause && NO_CONNECTION.has(cause.code);
}

function visibleHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const visible: Record<string, string> = {};
  for (const name of ANSWER_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') visible[name] = value;
  }
  return visible;
}

/** Breaks a stream off once more than `bytesMax` have passed. */
export function limitBytes(bytesMax: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed > bytesMax) done(new DomainError('payload-too-large', `At most ${bytesMax} bytes are taken.`));
      else done(null, chunk);
    },
  });
}
