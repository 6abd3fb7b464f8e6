import { type Prisma, PrismaClient } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { HealthRegistry } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

/** Injects the Prisma client of this service. */
export const DATABASE_CLIENT = Symbol('registry:database-client');

/** What reads: the client itself or a transaction of it. */
export type DatabaseReader = Prisma.TransactionClient;
/** What writes: always inside a transaction, so that a change and the jobs that tell of it are one. */
export type DatabaseTransaction = Prisma.TransactionClient;

/** A writer waits this long for its turn on one model before it gives up; turns take milliseconds. */
const TURN_TIMEOUT_MS = 15_000;

/** The tables of the registry. */
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

  /** Several reads that must see one state of the database. */
  snapshot<T>(work: (tx: DatabaseReader) => Promise<T>): Promise<T> {
    return this.client.$transaction(work, { isolationLevel: 'RepeatableRead', maxWait: TURN_TIMEOUT_MS });
  }
}

/** SQLSTATE classes and driver codes that mean "not now": connection lost, server stopping or starting, too many connections. */
const UNREACHABLE =
  /^(08|57P|53300)|^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOENT|EAI_AGAIN|ENOTFOUND)$|^P(1001|1002|1008|1017|2024|2028)$/;

/** The error as the caller may meet it: an unreachable database is an expected state, everything else stays what it was. */
export function translateDatabaseFailure(error: unknown): unknown {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const codes = ['code', 'originalCode'].map((key) => (key in cause ? String(Reflect.get(cause, key)) : ''));
    const lost =
      codes.some((code) => UNREACHABLE.test(code)) ||
      /Connection terminated|timeout exceeded when trying to connect/.test(cause.message);
    if (lost)
      return new DomainError('database-unavailable', 'The registry cannot reach its database; try again.', {
        cause: error,
      });
  }
  return error;
}

/** True when a write met a unique key that is taken. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'P2002';
}
