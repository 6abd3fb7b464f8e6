import { type Prisma, PrismaClient } from '@gimbal/db';
import { HealthRegistry } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

/** Injects the Prisma client of this service. */
export const DATABASE_CLIENT = Symbol('training:database-client');

/** What reads: the client itself or a transaction of it. */
export type DatabaseReader = Prisma.TransactionClient;
/** What writes: always inside a transaction, so that a change and the jobs that tell of it are one. */
export type DatabaseTransaction = Prisma.TransactionClient;

/** A writer waits this long for a connection and its turn; turns take milliseconds. */
const TURN_TIMEOUT_MS = 10_000;

/** The tables of training, and everybody else's to read. */
@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(DATABASE_CLIENT) private readonly client: PrismaClient,
    private readonly health: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.health.register({
      name: 'database',
      whenDown: 'unready',
      check: async () => {
        await this.client.$queryRaw`SELECT 1`;
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.$disconnect();
  }

  /** For single reads. */
  get reader(): DatabaseReader {
    return this.client;
  }

  /** Runs `work` in one transaction; an error rolls everything back. */
  change<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
    return this.client.$transaction(work, { maxWait: TURN_TIMEOUT_MS, timeout: TURN_TIMEOUT_MS });
  }
}

/** JSON that goes into a jsonb column: what is undefined is left out, as JSON does. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue; // what JSON.parse gives is JSON
}
