import { isDomainError } from '@gimbal/domain';
import type { Agent, Dispatcher } from 'undici';
import type { OutboundGuard } from './outbound-guard.js';
import type { OutboundOutcome } from './outbound-outcome.js';

export interface OutboundClientOptions {
  /** Where calls may go; without one anywhere, for addresses that the configuration names. */
  readonly guard?: OutboundGuard;
  /** Time for one call, from the name's resolution to the last byte that is read. */
  readonly timeoutMs: number;
}

export interface OutboundCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** More of an answer is not read: nobody needs it, and the other side is a stranger. */
const TEXT_BYTES_MAX = 16_384;
const CONNECTIONS_PER_HOST = 4;

/** Calls servers outside: bounded time and size, no redirects, no proxies of the environment. Trying again is the caller's. */
export class OutboundClient {
  private readonly options: OutboundClientOptions;
  private agent: Promise<Agent> | undefined;

  constructor(options: OutboundClientOptions) {
    this.options = options;
  }

  async send({ method, url, headers = {}, body }: OutboundCall): Promise<OutboundOutcome> {
    const { guard, timeoutMs } = this.options;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const { origin, pathname, search } = guard ? guard.parse(url) : new URL(url);
      const path = `${pathname}${search}`;
      const agent = await this.openAgent();
      const request = { method, origin, path, signal, headers: { 'user-agent': 'gimbal', ...headers } };
      const answer = await agent.request({ ...request, ...(body !== undefined && { body }) });
      return {
        kind: 'answered',
        status: answer.statusCode,
        text: await readBeginning(answer.body),
        retryAfterMs: readRetryAfter(answer.headers['retry-after']),
      };
    } catch (error) {
      if (isDomainError(error)) return { kind: 'refused', reason: error.detail };
      if (signal.aborted) return { kind: 'unanswered', reason: `No answer came within ${timeoutMs} ms.` };
      return { kind: 'unanswered', reason: describeFailure(error) };
    }
  }

  async close(): Promise<void> {
    await (await this.agent)?.destroy();
  }

  private openAgent(): Promise<Agent> {
    const { guard, timeoutMs } = this.options;
    this.agent ??= import('undici').then(
      ({ Agent }) =>
        new Agent({
          connections: CONNECTIONS_PER_HOST,
          pipelining: 1,
          keepAliveTimeout: 4_000,
          connect: { timeout: timeoutMs, ...(guard && { lookup: guard.lookup }) },
        }),
    );
    return this.agent;
  }
}

async function readBeginning(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= TEXT_BYTES_MAX) break; // leaving the loop destroys the stream
  }
  return Buffer.concat(chunks).subarray(0, TEXT_BYTES_MAX).toString('utf8');
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function readRetryAfter(header: string | string[] | undefined): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/** The code of a network failure; its message may quote what was sent. */
function describeFailure(error: unknown): string {
  const { code } = error as { readonly code?: unknown }; // any value may be thrown; reading a member of it is safe
  return typeof code === 'string' ? `The call failed with ${code}.` : 'The call failed.';
}
