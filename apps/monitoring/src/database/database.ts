import { ensurePredictionPartitions, type PartitionDays, type Prisma, PrismaClient } from '@gimbal/db';
import { HealthRegistry } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

/** Injects the Prisma client of this service. */
export const DATABASE_CLIENT = Symbol('monitoring:database-client');

/** What reads: the client itself or a transaction of it. */
export type DatabaseReader = Prisma.TransactionClient;
/** What writes: always inside a transaction, so that a change and the jobs that tell of it are one. */
export type DatabaseTransaction = Prisma.TransactionClient;

/** Writing ten thousand labels takes well under a second; waiting for those of others may take a few. */
const WRITE_TIMEOUT_MS = 20_000;

/** The tables of monitoring, and everybody else's to read. */
@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(DATABASE_CLIENT) private readonly client: PrismaClient,
    private readonly health: HealthRegistry,
  ) {}

  onModuleInit(): void {
    const check = () => this.client.$queryRaw`SELECT 1`;
    this.health.register({ name: 'database', whenDown: 'unready', check: async () => void (await check()) });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.$disconnect();
  }

  /** Makes the missing daily partitions of the coming days; see {@link ensurePredictionPartitions}. */
  ensurePartitions(days: PartitionDays): Promise<number> {
    return ensurePredictionPartitions(this.client, days);
  }

  /** For single reads. */
  get reader(): DatabaseReader {
    return this.client;
  }

  /** Runs `work` in one transaction; an error rolls everything back. */
  change<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.client.$transaction(work, { maxWait: WRITE_TIMEOUT_MS, timeout: WRITE_TIMEOUT_MS });
  }

  /** Several reads that must see one state of the database. */
  snapshot<T>(work: (tx: DatabaseReader) => Promise<T>, timeoutMs: number): Promise<T> {
    const options = { isolationLevel: 'RepeatableRead', maxWait: WRITE_TIMEOUT_MS, timeout: timeoutMs } as const;
    return this.client.$transaction(work, options);
  }
}

/** JSON that goes into a jsonb column: what is undefined is left out, as JSON does. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue; // what JSON.parse gives is JSON
}
