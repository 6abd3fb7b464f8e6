import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Logger } from '@gimbal/platform';
import type { LoggedRow } from '../prediction-log/prediction-log.repository.js';
import { toCloudEvents } from './to-cloud-events.js';

export interface PayloadLogOptions {
  /** Where events are sent to; http or https. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Of the requests, in percent, 0 to 100. All rows of a request share its lot, however often they are delivered. */
  readonly samplingPercent: number;
  /** Most rows that wait for the sink. */
  readonly rowsMax: number;
  /** Longest wait for an answer of the sink, in ms. */
  readonly timeoutMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly counters: PayloadLogCounters;
}

/** What became of events, and how often the sink did not take them. */
export interface PayloadLogCounters {
  /** `sent`; `refused`: by the sink, for good; `dropped`: there was no room for them, or the service ended. */
  countEvents(outcome: 'sent' | 'refused' | 'dropped', events: number): void;
  /** @param reason the HTTP status, or `unreachable` */
  countFailure(reason: string): void;
}

const ROWS_PER_BATCH = 100;
const EVENTS_PER_ROW = 2;
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 30_000;
const CLOSE_MS = 2_000;

/**
 * Sends logged predictions to a sink as batches of CloudEvents, beside all else: nobody waits for it, and it waits for nobody. While the sink is away or
 * slow, rows wait up to a limit, and what is beyond is dropped and counted. A batch may be sent twice; its events keep their ids.
 */
export class PayloadLog {
  private readonly options: PayloadLogOptions;
  private readonly stopping = new AbortController();
  private waiting: LoggedRow[] = [];
  private sending: Promise<void> | undefined;
  private failing = false;
  private closed = false;

  constructor(options: PayloadLogOptions) {
    this.options = options;
  }

  /** Takes rows without waiting; what has no room is dropped. */
  add(rows: readonly LoggedRow[]): void {
    const { samplingPercent, rowsMax } = this.options;
    const chosen = rows.filter(({ requestId, id }) => isSampled(requestId || id, samplingPercent));
    const fitting = this.closed ? 0 : Math.min(chosen.length, rowsMax - this.waiting.length);
    this.waiting.push(...chosen.slice(0, fitting));
    if (chosen.length > fitting) this.drop(chosen.length - fitting);
    if (this.waiting.length > 0 && !this.closed) this.sending ??= this.sendAll();
  }

  /** Sends what still waits, for two seconds at most. */
  async close(): Promise<void> {
    this.closed = true;
    const late = setTimeout(() => this.stopping.abort(), CLOSE_MS);
    await this.sending;
    clearTimeout(late);
    if (this.waiting.length > 0) this.drop(this.waiting.length);
    this.waiting = [];
  }

  private async sendAll(): Promise<void> {
    let pauseMs = RETRY_MIN_MS;
    while (this.waiting.length > 0 && !this.stopping.signal.aborted) {
      const batch = this.waiting.slice(0, ROWS_PER_BATCH);
      if (await this.isDone(batch)) {
        this.waiting.splice(0, batch.length);
        pauseMs = RETRY_MIN_MS;
      } else {
        await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
      }
    }
    this.sending = undefined;
  }

  /** @returns false when the sink should be asked again */
  private async isDone(batch: readonly LoggedRow[]): Promise<boolean> {
    const { counters, logger } = this.options;
    const status = await this.post(batch);
    if (status !== undefined && status >= 200 && status < 300) {
      counters.countEvents('sent', batch.length * EVENTS_PER_ROW);
      if (this.failing) logger.info('the sink of the payload log takes events again');
      this.failing = false;
      return true;
    }
    counters.countFailure(String(status ?? 'unreachable'));
    if (!this.failing) logger.warn({ status }, 'the sink of the payload log does not take events');
    this.failing = true;
    if (status === undefined || status >= 500 || status === 429 || status === 408) return false;
    counters.countEvents('refused', batch.length * EVENTS_PER_ROW);
    return true;
  }

  /** @returns the status; undefined when there was no answer. A redirection is an answer: only the configured address is ever asked. */
  private async post(batch: readonly LoggedRow[]): Promise<number | undefined> {
    const { url, token, timeoutMs } = this.options;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/cloudevents-batch+json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(batch.flatMap(toCloudEvents)),
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.stopping.signal]),
      });
      await answer.body?.cancel();
      return answer.status;
    } catch {
      return undefined;
    }
  }

  private drop(rows: number): void {
    this.options.counters.countEvents('dropped', rows * EVENTS_PER_ROW);
  }
}

/** The same for the same request, wherever and whenever it is asked. */
const isSampled = (requestId: string, percent: number): boolean => crc32(requestId) < (percent / 100) * 2 ** 32;
