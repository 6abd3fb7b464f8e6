import { createHash } from 'node:crypto';
import type { Actor } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';

/** MLflow's clients give up about four minutes after their first try (7 retries, doubling from 2 s). */
const RETRIED_WITHIN_MINUTES = 10;

/** Either a new number, or the version that the same request made before without being answered. */
export type TakenTurn = { readonly number: number } | { readonly madeBefore: string };

/**
 * MLflow's clients send a registration again when its answer did not come, and nothing in it says that it is a repeat; the same words are
 * also how a second version of the same files is made on purpose. What tells the two apart is whether the first was answered: a version
 * whose answer has not left yet is noted in the transaction that makes it. When the process that should have answered is gone, the
 * note stays, and the next request of the same words by the same key means that version. Each note is used by one request.
 */
@Injectable()
export class UnansweredRegistrations {
  private answered: string[] = [];

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** The hash of who asks for what. */
  hashOf({ id }: Actor, request: object): string {
    return createHash('sha256')
      .update(JSON.stringify([id, request]))
      .digest('hex');
  }

  /**
   * Takes the model's turn until the transaction ends, with the next version number; or the version that was made before. Null when there is
   * no such model.
   */
  async takeTurn(tx: DatabaseTransaction, model: string, requestHash: string): Promise<TakenTurn | null> {
    const [taken] = await tx.$queryRaw<{ made_before: string | null; number: number | null }[]>`
      WITH lost AS (
        SELECT u.version_id FROM unanswered_registrations u
        WHERE u.request_hash = ${requestHash} AND u.created_at > now() - make_interval(mins => ${RETRIED_WITHIN_MINUTES}::int)
          AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid::text = u.backend AND a.backend_start <= u.created_at)
        ORDER BY u.created_at LIMIT 1 FOR UPDATE SKIP LOCKED
      ), again AS (
        UPDATE unanswered_registrations u SET backend = pg_backend_pid()::text, created_at = now()
        FROM lost WHERE u.version_id = lost.version_id RETURNING u.version_id
      ), numbered AS (
        UPDATE models SET last_version = last_version + 1, updated_at = now()
        WHERE name = ${model} AND NOT EXISTS (SELECT FROM lost) RETURNING last_version
      )
      SELECT (SELECT version_id::text FROM again) AS made_before, (SELECT last_version FROM numbered) AS number`;
    if (taken?.made_before) return { madeBefore: taken.made_before };
    return taken?.number == null ? null : { number: taken.number };
  }

  /** Notes a version that is made in this transaction: its answer has not left yet. */
  async note(tx: DatabaseTransaction, versionId: string, requestHash: string): Promise<void> {
    await tx.$executeRaw`
      INSERT INTO unanswered_registrations (version_id, request_hash, backend)
      VALUES (${versionId}::uuid, ${requestHash}, pg_backend_pid()::text)`;
  }

  /** Call when the answer is about to leave: the note goes after it, never before. */
  leaveAnswer(versionId: string): void {
    if (this.answered.push(versionId) === 1) setImmediate(() => void this.forgetAnswered());
  }

  private async forgetAnswered(): Promise<void> {
    const ids = this.answered;
    this.answered = [];
    await this.database.reader.unansweredRegistration
      .deleteMany({ where: { versionId: { in: ids } } })
      .catch((error: unknown) => this.logger.warn({ err: error }, 'answered registrations stay noted for a while'));
  }
}
