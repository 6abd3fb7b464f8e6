import type { Prisma, PrismaClient } from '@gimbal/db';

/** Reads; and writes single rows, where one statement is the whole change. */
export type DatabaseReader = Prisma.TransactionClient;
/** Writes several rows, or a row and the jobs that tell of it, as one. */
export type DatabaseTransaction = Prisma.TransactionClient;

/** A writer waits this long for a connection and for its end; both take milliseconds. */
const PATIENCE = { maxWait: 10_000, timeout: 10_000 };

/** The tables of training, and everybody else's to read. Provided by the database module. */
export class Database {
  constructor(private readonly client: PrismaClient) {}

  get reader(): DatabaseReader {
    return this.client;
  }

  /** Runs `work` in one transaction; an error rolls everything back. */
  async change<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return await this.client.$transaction(work, PATIENCE);
  }

  async ping(): Promise<void> {
    await this.client.$queryRaw`SELECT 1`;
  }

  async close(): Promise<void> {
    await this.client.$disconnect();
  }
}

/** JSON that goes into a jsonb column: what is undefined is left out, as JSON does. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue; // what JSON.parse gives is JSON
}
