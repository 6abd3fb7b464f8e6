import { Prisma } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** Whose request, under which word, and what it asked. */
export interface IdempotentRequest {
  /** Id of the calling key: two callers may choose the same word. */
  readonly caller: string;
  readonly key: string;
  /** SHA-256 of method, path and body. */
  readonly requestHash: string;
}

/** What stands under a caller's word. */
export interface IdempotencyRow {
  readonly requestHash: string;
  readonly status: number | null;
  readonly body: unknown;
}

/** The table `idempotency_keys`, which the gateway alone writes. */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes the word for this request if it is free or its time is over.
   * @param lockMs how long the request may take before another one may begin under the word
   * @returns a token that {@link complete} and {@link release} ask for; null when the word is taken
   */
  async reserve({ caller, key, requestHash }: IdempotentRequest, lockMs: number): Promise<Date | null> {
    const rows = await this.database.reader.$queryRaw<Array<{ created_at: Date }>>`
      INSERT INTO idempotency_keys AS held (caller, key, request_hash, created_at, expires_at)
      VALUES (${caller}, ${key}, ${requestHash}, clock_timestamp(), clock_timestamp() + ${lockMs}::double precision * interval '1 millisecond')
      ON CONFLICT (caller, key) DO UPDATE
        SET request_hash = EXCLUDED.request_hash, created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at,
            response_status = NULL, response_body = NULL, completed_at = NULL
        WHERE held.expires_at <= clock_timestamp()
      RETURNING created_at`;
    return rows[0]?.created_at ?? null;
  }

  async find(caller: string, key: string): Promise<IdempotencyRow | null> {
    const row = await this.database.reader.idempotencyKey.findUnique({ where: { caller_key: { caller, key } } });
    return row && { requestHash: row.requestHash, status: row.responseStatus, body: row.responseBody };
  }

  /** Keeps the answer for `keepMs`. A reservation that was lost to another request meanwhile keeps what that one does. */
  async complete(
    { caller, key }: IdempotentRequest,
    token: Date,
    answer: { readonly status: number; readonly body: Prisma.InputJsonValue; readonly keepMs: number },
  ): Promise<void> {
    const now = new Date();
    await this.database.reader.idempotencyKey.updateMany({
      where: { caller, key, createdAt: token },
      data: {
        responseStatus: answer.status,
        responseBody: answer.body,
        completedAt: now,
        expiresAt: new Date(now.getTime() + answer.keepMs),
      },
    });
  }

  /** Gives the word back: the request had no effect, or one that its repeat may try again. */
  async release({ caller, key }: IdempotentRequest, token: Date): Promise<void> {
    await this.database.reader.idempotencyKey.deleteMany({ where: { caller, key, createdAt: token } });
  }

  async deleteExpired(now: Date): Promise<void> {
    await this.database.reader.idempotencyKey.deleteMany({ where: { expiresAt: { lt: now } } });
  }
}
