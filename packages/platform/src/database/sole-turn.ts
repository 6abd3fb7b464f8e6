import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Logger } from 'pino';

export interface SoleTurnOptions {
  readonly connectionString: string;
  /** Whoever asks for a turn of this name waits while another process has it. */
  readonly name: string;
  readonly logger: Logger;
  /** Goes on until `signal` aborts: the service ends, or the turn was lost with its connection. */
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** How soon a process that waits for its turn, or whose work failed, tries again. */
const ASK_AGAIN_MS = 2_000;

/**
 * Work that one process of all replicas does at a time: it holds an advisory lock on a connection of its own, so a killed one gives its turn up
 * at once. A lost connection is noticed when it is used or closed by the other side; until then two may work, so the work has to be safe to repeat.
 */
export class SoleTurn {
  private readonly stopped = new AbortController();
  private readonly options: SoleTurnOptions;
  private running: Promise<void> | undefined;

  constructor(options: SoleTurnOptions) {
    this.options = options;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends the work under way, and waits for that. */
  async close(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await this.tryTurn().catch((error: unknown) => {
        if (!signal.aborted) this.options.logger.warn({ err: error, turn: this.options.name }, 'a turn ended early');
      });
      await sleep(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined); // the end of the service cuts it short
    }
  }

  private async tryTurn(): Promise<void> {
    const { connectionString, name, work } = this.options;
    const { default: pg } = await import('pg');
    const lost = new AbortController();
    const client: Client = new pg.Client({
      ...{ connectionString, application_name: `turn-${name}`.slice(0, 63) },
      ...{ keepAlive: true, connectionTimeoutMillis: 3_000 },
    });
    client.on('error', () => lost.abort()).on('end', () => lost.abort());
    try {
      await client.connect();
      const { rows } = await client.query<{ mine: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine',
        [`turn:${name}`],
      );
      if (rows[0]?.mine) await work(AbortSignal.any([this.stopped.signal, lost.signal]));
    } finally {
      await client.end().catch(() => undefined); // it may be broken already
    }
  }
}
