import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Logger } from 'pino';
import type { EncodedJob } from '../jobs/join-batched.js';
import { OUTBOX_CHANNEL, outboxJobId } from './outbox-writer.js';

const BATCH_ROWS = 100;
/** A row the queue can never take is tried this often, then stays unpublished with its `last_error`. */
const ATTEMPTS_MAX = 5;
/** NOTIFY wakes the relay; this poll only covers one that was lost. */
export const SAFETY_POLL_MS = 10_000;
/** Rows that are written in quick succession travel together: a round costs as much for one row as for many. The first does not wait. */
const GATHER_MS = 50;
const PRUNE_EVERY_MS = 600_000;
const RETRY_MS = { first: 200, most: 5_000 } as const;

const PICK = `
  SELECT id::text AS id, name, payload FROM outbox
  WHERE owner = $1 AND published_at IS NULL AND attempts < ${ATTEMPTS_MAX}
  ORDER BY id LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED`;
const MARK = 'UPDATE outbox SET published_at = now(), last_error = NULL WHERE id = ANY($1::bigint[])';
const REFUSE = 'UPDATE outbox SET attempts = attempts + 1, last_error = $2 WHERE id = $1::bigint';
const PRUNE = `
  DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE owner = $1 AND published_at < now() - interval '1 day' LIMIT 1000)`;

/** What the relay needs of the queue: `JobQueue` has it. */
export interface OutboxTarget {
  publishEncoded(
    jobs: readonly EncodedJob[],
  ): Promise<ReadonlyArray<{ readonly job: EncodedJob; readonly reason: string }>>;
}

export interface OutboxRelayOptions {
  readonly connectionString: string;
  /** Name of the service whose rows are relayed. */
  readonly owner: string;
  readonly queue: OutboxTarget;
  readonly logger: Logger;
  readonly onPublished?: (rows: number) => void;
  readonly onFailure?: () => void;
}

/**
 * Hands committed outbox rows to the queue, at least once and in the order of their ids within a batch. Any number of relays may run
 * for one owner. Uses one connection, on which it sleeps in LISTEN while there is nothing to do.
 */
export class OutboxRelay {
  private readonly options: OutboxRelayOptions;
  private running: Promise<void> | undefined;
  private stopped = false;
  private woken = false;
  private rouse: (() => void) | undefined;

  constructor(options: OutboxRelayOptions) {
    this.options = options;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Looks for rows now. For changes that do not notify: all transactions of the server that do are committed one after the other. */
  wake(): void {
    this.woken = true;
    this.rouse?.();
  }

  /** Finishes the batch under way. Rows written later wait for the next start. */
  async close(): Promise<void> {
    this.stopped = true;
    this.rouse?.();
    await this.running;
  }

  private async run(): Promise<void> {
    let delayMs: number = RETRY_MS.first;
    while (!this.stopped) {
      const client = await this.connect();
      try {
        await client.connect();
        await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
        await this.serve(client, () => {
          delayMs = RETRY_MS.first;
        });
      } catch (error) {
        this.options.onFailure?.();
        this.options.logger.warn({ err: error, retry_ms: delayMs }, 'outbox relay paused');
        await this.sleep(delayMs);
        delayMs = Math.min(delayMs * 2, RETRY_MS.most);
      } finally {
        await client.end().catch(() => undefined); // it may be broken already
      }
    }
  }

  private async connect(): Promise<Client> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({
      connectionString: this.options.connectionString,
      application_name: 'outbox-relay',
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
    });
    client.on('error', () => this.wake()); // the next query fails and the connection is made anew
    client.on('notification', ({ payload }) => {
      if (payload === this.options.owner) this.wake();
    });
    return client;
  }

  private async serve(client: Client, onRound: () => void): Promise<void> {
    let pruneAt = 0;
    while (!this.stopped) {
      this.woken = false;
      const rows = await this.relayBatch(client);
      onRound();
      if (Date.now() >= pruneAt) {
        await client.query(PRUNE, [this.options.owner]);
        pruneAt = Date.now() + PRUNE_EVERY_MS;
      }
      if (rows === BATCH_ROWS) continue;
      if (rows > 0 && !this.stopped) await pause(GATHER_MS);
      if (!this.woken) await this.sleep(SAFETY_POLL_MS);
    }
  }

  /** Publishes under the rows' locks; a relay that dies lets them go, and the stable job id makes the second publishing harmless. */
  private async relayBatch(client: Client): Promise<number> {
    await client.query('BEGIN');
    try {
      const { rows } = await client.query<{ id: string; name: string; payload: unknown }>(PICK, [this.options.owner]);
      if (rows.length > 0) await this.publish(client, rows);
      await client.query('COMMIT');
      return rows.length;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined); // a broken connection has rolled back by itself
      throw error;
    }
  }

  private async publish(
    client: Client,
    rows: ReadonlyArray<{ id: string; name: string; payload: unknown }>,
  ): Promise<void> {
    const { queue, logger, onPublished } = this.options;
    const rowOf = new Map(rows.map((row) => [outboxJobId(row.id), row.id]));
    const refused = await queue.publishEncoded(
      rows.map(({ id, name, payload }) => ({ name, payload, jobId: outboxJobId(id) })),
    );
    for (const { job, reason } of refused) {
      const id = rowOf.get(job.jobId);
      rowOf.delete(job.jobId);
      logger.error({ job: job.name, outbox_id: id, reason }, 'outbox row cannot be published');
      await client.query(REFUSE, [id, reason]);
    }
    await client.query(MARK, [[...rowOf.values()]]);
    onPublished?.(rowOf.size);
  }

  private sleep(ms: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
