import { Readable } from 'node:stream';
import type { Actor } from '@gimbal/contracts';
import { DomainError, isDomainError } from '@gimbal/domain';
import type { IPolicy } from 'cockatiel';
import type { Dispatcher, Pool } from 'undici';
import type { z } from 'zod';
import { ACTOR_HEADER, encodeActor } from '../service-auth/actor-header.js';
import { currentRequest } from '../start-service/request-context.js';
import { currentTracing } from '../tracing/tracing.js';
import { type Answer, errorOfAnswer, isDown } from './read-answer.js';

export interface ServiceClientOptions {
  /** Name of the service called; in messages and as the `name` of the breaker's metric. */
  readonly service: string;
  /** For example `http://127.0.0.1:8010`. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`. */
  readonly serviceKey?: string | undefined;
  /** Time for one try, from connect to the last byte; default 5000 ms. */
  readonly timeoutMs?: number;
  /** Tries after the first one, of calls that may be repeated; default 2. */
  readonly retries?: number;
  readonly breaker?: { readonly failureThreshold: number; readonly recoverySeconds: number };
  /** Largest answer that is read; default 16 MiB. */
  readonly maxAnswerBytes?: number;
  /** Connections kept open, at most; default 8. */
  readonly connections?: number;
  /** Told of every change of the breaker: 0 closed, 1 half open, 2 open. */
  readonly onBreaker?: (state: 0 | 1 | 2) => void;
}

export interface ServiceCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path from the root, already escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** JSON in wire form, or bytes with their type. */
  readonly body?: { readonly json: unknown } | { readonly bytes: Uint8Array; readonly contentType: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** For whom; default: the actor of the request being answered. */
  readonly actor?: Actor;
  /** Makes a POST repeatable. */
  readonly idempotencyKey?: string;
  /** `safe`: the call may be tried again though its method does not say so (a decision id makes it idempotent, say). */
  readonly repeat?: 'safe' | 'never';
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Files that are read at once, and how long one may stand still. */
const FILES_MAX = 4;
const FILE_IDLE_MS = 120_000;
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const DEFAULTS = {
  timeoutMs: 5_000,
  retries: 2,
  maxAnswerBytes: 16_777_216,
  connections: 8,
  breaker: { failureThreshold: 5, recoverySeconds: 60 },
};

/**
 * Calls another service: keep-alive, bounded time and size, retry with jitter for what may be repeated, a breaker, the request id and
 * the actor passed on, and failures as the DomainError that the other side threw.
 */
export class ServiceClient {
  private readonly options: ServiceClientOptions;
  private pool: Promise<Pool> | undefined;
  private filePool: Promise<Pool> | undefined;
  private policies: Promise<{ readonly once: IPolicy; readonly repeated: IPolicy }> | undefined;

  constructor(options: ServiceClientOptions) {
    this.options = options;
  }

  /**
   * Calls and parses the JSON of the answer.
   * @throws DomainError the other side's own; `service-unavailable` when it can't be reached, answers oddly or the breaker is open; `timeout`
   */
  async call<S extends z.ZodType>(call: ServiceCall, schema: S): Promise<z.output<S>> {
    const { body } = await this.send(call);
    const parsed = schema.safeParse(parseJson(body));
    if (parsed.success) return parsed.data;
    throw new DomainError(
      'service-unavailable',
      `The ${this.options.service} service answered in a form that is not agreed.`,
      { cause: parsed.error },
    );
  }

  /** Calls and gives the answer as it came, any status below 400. @throws as {@link call} */
  async send(call: ServiceCall): Promise<Answer> {
    const { once, repeated } = await this.openPolicies();
    const mayRepeat = call.repeat
      ? call.repeat === 'safe'
      : REPEATABLE.has(call.method) || call.idempotencyKey !== undefined;
    try {
      return await (mayRepeat ? repeated : once).execute(() => this.try(call), call.signal);
    } catch (error) {
      if (isDomainError(error)) throw error;
      throw new DomainError(
        'service-unavailable',
        `The ${this.options.service} service is left alone after repeated failures.`,
        { cause: error },
      );
    }
  }

  /**
   * Calls and gives the answer's body as it comes, however large: for files. Bounded is the time to the first byte and between two pieces.
   * The caller reads it to its end or destroys it.
   * @throws DomainError as {@link call}; the stream itself fails with `service-unavailable` when it breaks off
   */
  async open(call: ServiceCall): Promise<Readable> {
    const { service, timeoutMs = DEFAULTS.timeoutMs } = this.options;
    let answer: Dispatcher.ResponseData;
    try {
      const pool = await this.openFilePool();
      answer = await pool.request({
        method: call.method,
        path: call.path,
        headers: this.headersOf(call),
        headersTimeout: call.timeoutMs ?? timeoutMs,
        bodyTimeout: FILE_IDLE_MS,
        ...(call.signal && { signal: call.signal }),
        ...(call.query && { query: definedOnly(call.query) }),
      });
    } catch (error) {
      throw new DomainError('service-unavailable', `The ${service} service cannot be reached.`, { cause: error });
    }
    const { statusCode: status, headers, body } = answer;
    if (status < 400) return Readable.from(telling(body, service), { objectMode: false });
    throw errorOfAnswer(service, { status, headers, body: Buffer.from(await body.arrayBuffer()) });
  }

  async close(): Promise<void> {
    await Promise.all([(await this.pool)?.close(), (await this.filePool)?.destroy()]);
  }

  /** One try, as a span of its own where calls are traced. */
  private async try(call: ServiceCall): Promise<Answer> {
    const { service } = this.options;
    const attributes = { 'http.request.method': call.method, 'server.address': service };
    const span = currentTracing()?.begin({ name: `${call.method} ${service}`, kind: 'client', attributes });
    if (!span) return this.exchange(call);
    const traced = { ...call, headers: { ...call.headers, traceparent: span.traceparent } };
    try {
      const answer = await this.exchange(traced);
      span.end();
      return answer;
    } catch (error) {
      span.end(isDomainError(error) ? error.code : 'unexpected');
      throw error;
    }
  }

  private async exchange(call: ServiceCall): Promise<Answer> {
    const { service, timeoutMs = DEFAULTS.timeoutMs } = this.options;
    const timeout = AbortSignal.timeout(call.timeoutMs ?? timeoutMs);
    let answer: Answer;
    try {
      const pool = await this.openPool();
      const { statusCode, headers, body } = await pool.request({
        method: call.method,
        path: call.path,
        headers: this.headersOf(call),
        signal: call.signal ? AbortSignal.any([timeout, call.signal]) : timeout,
        ...(call.query && { query: definedOnly(call.query) }),
        ...(call.body && { body: 'json' in call.body ? JSON.stringify(call.body.json) : call.body.bytes }),
      });
      answer = { status: statusCode, headers, body: Buffer.from(await body.arrayBuffer()) };
    } catch (error) {
      if (timeout.aborted)
        throw new DomainError('timeout', `The ${service} service did not answer in time.`, { cause: error });
      throw new DomainError('service-unavailable', `The ${service} service cannot be reached.`, { cause: error });
    }
    if (answer.status >= 400) throw errorOfAnswer(service, answer);
    return answer;
  }

  private headersOf({ headers, body, actor, idempotencyKey }: ServiceCall): Record<string, string> {
    const { serviceKey } = this.options;
    const request = currentRequest();
    const onBehalfOf = actor ?? request?.actor;
    const traceparent = currentTracing()?.current;
    return {
      accept: 'application/json, application/problem+json, */*;q=0.5',
      ...(body && { 'content-type': 'json' in body ? 'application/json' : body.contentType }),
      ...(serviceKey !== undefined && { authorization: `Bearer ${serviceKey}` }),
      ...(request && { 'x-request-id': request.id }),
      ...(onBehalfOf && { [ACTOR_HEADER]: encodeActor(onBehalfOf) }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(traceparent !== undefined && { traceparent }),
      ...headers, // a span of the call's own, where it has one
    };
  }

  private openPool(): Promise<Pool> {
    const { baseUrl, maxAnswerBytes = DEFAULTS.maxAnswerBytes, connections = DEFAULTS.connections } = this.options;
    this.pool ??= import('undici').then(
      ({ Pool }) =>
        new Pool(baseUrl, {
          connections,
          maxResponseSize: maxAnswerBytes,
          keepAliveTimeout: 10_000,
          pipelining: 1,
          connect: { timeout: 2_000 },
        }),
    );
    return this.pool;
  }

  /** Of its own: the other one cuts answers off at their largest size. */
  private openFilePool(): Promise<Pool> {
    const { baseUrl } = this.options;
    this.filePool ??= import('undici').then(
      ({ Pool }) => new Pool(baseUrl, { connections: FILES_MAX, pipelining: 1, connect: { timeout: 2_000 } }),
    );
    return this.filePool;
  }

  private openPolicies(): Promise<{ readonly once: IPolicy; readonly repeated: IPolicy }> {
    this.policies ??= this.createPolicies();
    return this.policies;
  }

  private async createPolicies(): Promise<{ readonly once: IPolicy; readonly repeated: IPolicy }> {
    const { circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleWhen, retry, wrap } = await import(
      'cockatiel'
    );
    const { breaker: limits = DEFAULTS.breaker, retries = DEFAULTS.retries, onBreaker } = this.options;
    const down = handleWhen(isDown);
    const breaker = circuitBreaker(down, {
      halfOpenAfter: limits.recoverySeconds * 1_000,
      breaker: new ConsecutiveBreaker(limits.failureThreshold),
    });
    onBreaker?.(0);
    breaker.onReset(() => onBreaker?.(0));
    breaker.onHalfOpen(() => onBreaker?.(1));
    breaker.onBreak(() => onBreaker?.(2));
    const again = retry(down, {
      maxAttempts: retries,
      backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }),
    });
    return { once: breaker, repeated: wrap(again, breaker) };
  }
}

/** Tells a connection that breaks off in the words of a call. */
async function* telling(body: Readable, service: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new DomainError('service-unavailable', `The ${service} service broke off its answer.`, { cause: error });
  }
}

const definedOnly = (query: NonNullable<ServiceCall['query']>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};
