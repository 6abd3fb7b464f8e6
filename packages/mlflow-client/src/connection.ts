import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { type Dispatcher, Pool } from 'undici';
import { type Call, type Upload, writeJson, writeQuery } from './call.js';
import { type Attempt, type BreakerState, type ConnectionOptions, DEFAULTS } from './connection-options.js';
import { MlflowError } from './mlflow-error.js';
import { errorOfAnswer, readBounded, readJson } from './read-answer.js';
import type { Read } from './shape.js';

const TAKES_NO_MORE = new DOMException('The server takes no more of the file.', 'TimeoutError');
const BACKOFF_MAX_MS = 10_000;
/** A server that asks for a longer rest gets it from whoever called, not from a call that stays open. */
const RETRY_AFTER_MAX_MS = 30_000;
const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
};

/** Requests to one MLflow server: bounded in time and size, repeated where that is safe, and none at all while the server is failing. */
export class Connection {
  private readonly options: Required<Omit<ConnectionOptions, 'token' | 'onAttempt' | 'onBreaker'>> & ConnectionOptions;
  private readonly pool: Pool;
  private readonly prefix: string;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly breaker: CircuitBreakerPolicy;

  constructor(options: ConnectionOptions) {
    this.options = { ...DEFAULTS, ...options };
    const uri = new URL(options.trackingUri);
    if (uri.protocol !== 'http:' && uri.protocol !== 'https:') {
      throw new TypeError('trackingUri must begin with http:// or https://.');
    }
    this.prefix = uri.pathname.replace(/\/+$/, '');
    this.headers = authorizationOf(uri, options.token);
    const { connections, timeoutMs, breaker } = this.options;
    this.pool = new Pool(uri.origin, {
      ...{ connections, pipelining: 1 },
      connect: { timeout: Math.min(timeoutMs, 5_000) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    this.breaker = circuitBreaker(
      handleWhen((error) => error instanceof MlflowError && error.isTransient),
      {
        halfOpenAfter: breaker.recoverySeconds * 1_000,
        breaker: new ConsecutiveBreaker(breaker.failureThreshold),
      },
    );
    this.breaker.onStateChange((state) => options.onBreaker?.(STATES[state]));
  }

  get breakerState(): BreakerState {
    return STATES[this.breaker.state];
  }

  /** @throws MlflowError */
  async json<T>(call: Call, read: Read<T>): Promise<T> {
    return await this.guarded(call, (body, request) => readJson(body, request, read));
  }

  /** @throws MlflowError */
  async text(call: Call): Promise<string> {
    return await this.guarded(call, (body) => body.toString('utf8'));
  }

  /** Sends a file as it is read. Never repeated: the bytes are gone. @throws MlflowError */
  async upload({ path, body, bytes, signal }: Upload): Promise<void> {
    const request = `PUT ${path}`;
    const stalled = new AbortController();
    const signals = signal ? AbortSignal.any([stalled.signal, signal]) : stalled.signal;
    await this.behindBreaker(request, () =>
      this.observed(request, async (answered) => {
        const answer = await this.pool.request({
          method: 'PUT',
          path: this.prefix + path,
          headers: { ...this.headers, 'content-type': 'application/octet-stream', 'content-length': String(bytes) },
          body: Readable.from(
            watched(body, this.options.timeoutMs, () => stalled.abort(TAKES_NO_MORE)),
            { objectMode: false },
          ),
          signal: signals,
        });
        await this.readWhole(answer, request, answered);
      }),
    );
  }

  /** Opens a file, to be read to its end or destroyed. @throws MlflowError */
  async open(path: string, signal?: AbortSignal): Promise<Dispatcher.ResponseData['body']> {
    const request = `GET ${path}`;
    return await this.behindBreaker(request, () =>
      this.observed(request, async (answered) => {
        const answer = await this.pool.request({
          ...{ method: 'GET', path: this.prefix + path, headers: this.headers },
          ...(signal && { signal }),
        });
        if (answer.statusCode !== 200) await this.readWhole(answer, request, answered);
        answered(answer.statusCode);
        return answer.body;
      }),
    );
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async guarded<T>(call: Call, show: (body: Buffer, request: string) => T): Promise<T> {
    const request = `${call.method} ${call.path}`;
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await this.behindBreaker(request, () =>
          this.observed(request, async (answered) => show(await this.exchange(call, request, answered), request)),
        );
      } catch (error) {
        if (!(error instanceof MlflowError) || repeats >= this.options.retries || !mayRepeat(call, error)) throw error;
        await sleep(this.waitBefore(repeats, error), undefined, {
          ref: false,
          ...(call.signal && { signal: call.signal }),
        });
      }
    }
  }

  private async exchange(call: Call, request: string, answered: (status: number) => void): Promise<Buffer> {
    const timeout = AbortSignal.timeout(this.options.timeoutMs);
    const answer = await this.pool.request({
      method: call.method,
      path: this.prefix + call.path,
      headers: { ...this.headers, accept: 'application/json', ...(call.json !== undefined && JSON_TYPE) },
      signal: call.signal ? AbortSignal.any([timeout, call.signal]) : timeout,
      ...(call.query && { query: writeQuery(call.query) }),
      ...(call.json !== undefined && { body: writeJson(call.json) }),
    });
    return await this.readWhole(answer, request, answered);
  }

  /** The body of a 200; every other status is thrown. */
  private async readWhole(
    { statusCode, headers, body }: Dispatcher.ResponseData,
    request: string,
    answered: (status: number) => void,
  ): Promise<Buffer> {
    const bytes = await readBounded(body, request, this.options.maxAnswerBytes);
    answered(statusCode);
    if (statusCode !== 200) throw errorOfAnswer(request, statusCode, headers, bytes);
    return bytes;
  }

  private async behindBreaker<T>(request: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.breaker.execute(work);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new MlflowError('The server failed repeatedly and is left alone for a while.', {
        ...{ request, failure: 'breaker-open', cause: error },
      });
    }
  }

  /** Translates what the connection throws, and tells how the try ended. */
  private async observed<T>(request: string, work: (answered: (status: number) => void) => Promise<T>): Promise<T> {
    const began = performance.now();
    let outcome: Attempt['outcome'] = 'unreachable';
    try {
      return await work((status) => {
        outcome = status;
      });
    } catch (error) {
      const told = error instanceof MlflowError ? error : unansweredError(request, error);
      if (typeof outcome !== 'number') outcome = told.failure;
      throw told;
    } finally {
      this.options.onAttempt?.({ request, outcome, seconds: (performance.now() - began) / 1_000 });
    }
  }

  private waitBefore(repeats: number, { retryAfterSeconds }: MlflowError): number {
    const most = Math.min(BACKOFF_MAX_MS, this.options.backoffMs * 2 ** repeats);
    return Math.max(Math.random() * most, retryAfterSeconds * 1_000);
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Credentials in the address travel in the header, where no log shows them. */
function authorizationOf({ username, password }: URL, token: string | undefined): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === '') return {};
  const pair = `${unescaped(username)}:${unescaped(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** A `%` that escapes nothing is one: people write their passwords as they are. */
const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

function mayRepeat({ repeat }: Call, error: MlflowError): boolean {
  if (error.failure === 'breaker-open' || error.failure === 'refused') return false;
  if (error.retryAfterSeconds * 1_000 > RETRY_AFTER_MAX_MS) return false;
  return repeat !== 'never' || error.status === 429;
}

function unansweredError(request: string, cause: unknown): MlflowError {
  const { name, code } = cause as { readonly name?: unknown; readonly code?: unknown }; // whatever was thrown may have these
  const word = typeof code === 'string' ? code : '';
  const isLate = name === 'TimeoutError' || word.endsWith('_TIMEOUT');
  const detail = isLate
    ? 'The server did not answer in time.'
    : `The server cannot be reached${word === '' ? '' : ` (${word})`}.`;
  return new MlflowError(detail, { request, failure: isLate ? 'timeout' : 'unreachable', cause });
}

/** The pieces of a file, and a call when one of them is not taken in time. */
async function* watched(
  body: AsyncIterable<Uint8Array>,
  idleMs: number,
  stalled: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    const timer = setTimeout(stalled, idleMs);
    try {
      yield piece;
    } finally {
      clearTimeout(timer);
    }
  }
}
