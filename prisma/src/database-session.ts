import type { Pool } from 'pg';
import { createDatabaseClient, createPool, type DatabaseClientOptions } from './database-client.js';
import type { Prisma, PrismaClient } from './generated/client.js';
import { hasCode } from './has-code.js';

/** What reads: the client itself or a transaction of it. */
export type DatabaseReader = Prisma.TransactionClient;
/** What writes: always inside a transaction, so that a change and the jobs that tell of it are one. */
export type DatabaseTransaction = Prisma.TransactionClient;

/** How a service uses its database. */
export interface SessionOptions {
  /** Name of the service: its turns are its own. */
  readonly owner: string;
  /** Milliseconds a transaction may wait for a connection, and then last. */
  readonly transactionMs: number;
}

/** A statement with places for its values. */
export interface Statement {
  /** One for each text, at most 63 bytes: the server keeps its plan. Without one it is planned each time, for the values at hand. */
  readonly name?: string;
  readonly text: string;
}

/** How services read and write: single reads, changes as a whole, and changes one at a time. Connects with the first query. */
export class DatabaseSession {
  private readonly options: { readonly maxWait: number; readonly timeout: number };

  protected readonly client: PrismaClient;
  private readonly owner: string;
  private readonly pool: Pool;

  constructor(client: DatabaseClientOptions, { owner, transactionMs }: SessionOptions) {
    this.pool = createPool(client);
    // The pool must outlive a connection that breaks while nobody uses it.
    this.pool.on('error', () => undefined);
    this.client = createDatabaseClient(client, this.pool);
    this.owner = owner;
    this.options = { maxWait: transactionMs, timeout: transactionMs };
  }

  /** For single reads, and for writes of one statement. */
  get reader(): DatabaseReader {
    return this.client;
  }

  /**
   * Rows of one statement, past Prisma: for what is asked often enough that its own way to the rows would be most of the cost, and for
   * changes of several tables in one round trip. bigint comes as text, jsonb parsed.
   */
  async query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>({ ...statement, values: [...values] });
    return rows;
  }

  /** Runs `work` in one transaction; an error rolls everything back. */
  change<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.client.$transaction(work, this.options);
  }

  /** As {@link change}, but one at a time for each `turn`: each sees what those before it have done. */
  changeInTurn<T>(turn: string, work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.change(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${this.owner}:${turn}`}, 0))`;
      return await work(tx);
    });
  }

  /** Several reads that must see one state of the database. @param timeoutMs milliseconds they may last, when not as long as a change */
  snapshot<T>(work: (tx: DatabaseReader) => Promise<T>, timeoutMs = this.options.timeout): Promise<T> {
    return this.client.$transaction(work, { ...this.options, isolationLevel: 'RepeatableRead', timeout: timeoutMs });
  }

  /** Rejects when the database can't be asked now. */
  async ping(): Promise<void> {
    await this.client.$queryRaw`SELECT 1`;
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await this.client.$disconnect();
  }
}

/** JSON that goes into a jsonb column: what is undefined is left out, as JSON does. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue; // what JSON.parse gives is JSON
}

/** True when a row was not deleted because others refer to it. */
export function isReferredTo(error: unknown): boolean {
  return hasCode(error, 'P2003');
}

/** True when a write met a unique key that is taken. */
export function isTaken(error: unknown): boolean {
  return hasCode(error, 'P2002');
}
