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

/** SQLSTATEs, driver codes, Prisma's codes and its adapter's kinds that mean "not now": connection lost, server away, no room. */
const UNREACHABLE =
  /^(08...|57P..|53300|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|P1001|P1002|P1008|P1017|P2024|P2028|P2037|DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;
/** What is said where there is no code: by the pool, and by Prisma about raw queries. */
const UNREACHABLE_MESSAGE = /Connection terminated|timeout exceeded when trying to connect|Code: `(08...|57P..|53300)`/;
const CAUSES_MAX = 5;

/** An error of whatever origin as far as it is looked at here; each layer hangs codes and causes on it under other names. */
interface LayeredError {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly kind?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

const isObject = (value: unknown): value is LayeredError => typeof value === 'object' && value !== null;

/** The error as the caller may meet it: an unreachable database is an expected state, everything else stays what it was. */
export function translateDatabaseFailure(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  let layer = error;
  for (let depth = 0; isObject(layer) && depth < CAUSES_MAX; depth++) {
    const { code, originalCode, kind, message, cause, meta } = layer;
    const isLost = [code, originalCode, kind].some((word) => UNREACHABLE.test(String(word)));
    if (isLost || UNREACHABLE_MESSAGE.test(String(message))) {
      return new DomainError('database-unavailable', 'The registry cannot reach its database; try again.', {
        cause: error,
      });
    }
    layer = cause ?? meta?.driverAdapterError;
  }
  return error;
}

/** True when a write met a unique key that is taken. */
export function isTaken(error: unknown): boolean {
  return isObject(error) && error.code === 'P2002';
}
