import { MIRROR_KINDS } from '@gimbal/contracts';
import { Prisma, toJson } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { MirrorKind, Outcome, Reference, Task, Told } from '../mirrored.js';
import { keyOf, wakeQuery } from './sync-rows.js';

/** Marks taken in one statement. */
const MARKS_MAX = 5_000;
const REASON_MAX = 2_000;

/** A task and what it must not be told beside: versions of one model are counted there in the order they come. */
export interface DueTask extends Task {
  readonly track: string;
}

/** What waits to be told. Only the process that has the turn takes from it. */
@Injectable()
export class SyncQueueRepository {
  constructor(private readonly database: Database) {}

  /** Turns marks into tasks, however many marks an entity has. */
  async takeMarks(): Promise<void> {
    for (let taken = MARKS_MAX; taken === MARKS_MAX; ) {
      const [row] = await this.database.reader.$queryRaw<{ taken: number }[]>`
        WITH taken AS (
          DELETE FROM mlflow_marks WHERE id IN (SELECT id FROM mlflow_marks ORDER BY id LIMIT ${MARKS_MAX})
          RETURNING id, entity_kind, entity_id, marked_at
        ), folded AS (
          INSERT INTO mlflow_sync AS s (entity_kind, entity_id, place, changed_at)
          SELECT entity_kind, entity_id, min(id), min(marked_at) FROM taken GROUP BY entity_kind, entity_id
          ON CONFLICT (entity_kind, entity_id) DO UPDATE SET
            place = CASE WHEN s.state IN ('pending', 'waiting') THEN s.place ELSE EXCLUDED.place END,
            changed_at = CASE WHEN s.state IN ('pending', 'waiting') THEN s.changed_at ELSE EXCLUDED.changed_at END,
            next_attempt_at = CASE WHEN s.state = 'pending' THEN s.next_attempt_at ELSE now() END,
            attempts = CASE WHEN s.state = 'pending' THEN s.attempts ELSE 0 END,
            state = 'pending', waits_for_kind = NULL, waits_for_id = NULL
        )
        SELECT count(*)::int AS taken FROM taken`;
      taken = row?.taken ?? 0;
    }
  }

  /** What may be told now, at most `limit` of each kind, so that no kind keeps another waiting. */
  async takeDue(limit: number): Promise<readonly DueTask[]> {
    const rows = await this.database.reader.$queryRaw<SyncRow[]>(dueQuery(limit));
    return rows.map((row) => ({
      kind: row.entity_kind,
      entityId: row.entity_id,
      mlflowId: row.mlflow_id,
      told: row.told,
      telling: row.telling,
      metricsBefore: row.metrics_before,
      attempts: row.attempts,
      track: row.track,
    }));
  }

  async settle(task: Task, { state, told, problems }: Outcome): Promise<void> {
    const where = keyOf(task);
    if (state === 'gone') {
      await this.database.change(async (tx) => {
        await tx.mlflowSync.delete({ where });
        await tx.$executeRaw(wakeQuery(task));
      });
      return;
    }
    const lastError = problems.length === 0 ? null : problems.join(' ').slice(0, REASON_MAX);
    const data = { state, told: toJson(told), telling: Prisma.DbNull, attempts: 0, lastError, syncedAt: new Date() };
    await this.database.reader.mlflowSync.update({ where, data });
  }

  /** It stays as it was told last. Versions do not wait for one that is refused: they are told which number it keeps. */
  async refuse(task: Task, state: 'failed' | 'conflict', reason: string): Promise<void> {
    const data = { state, lastError: reason.slice(0, REASON_MAX), attempts: { increment: 1 } };
    await this.database.change(async (tx) => {
      await tx.mlflowSync.update({ where: keyOf(task), data });
      if (task.kind === 'model-version') await tx.$executeRaw(wakeQuery(task));
    });
  }

  async postpone(task: Task, delayMs: number, reason: string): Promise<void> {
    const nextAttemptAt = new Date(Date.now() + delayMs);
    const data = { nextAttemptAt, lastError: reason.slice(0, REASON_MAX), attempts: task.attempts };
    await this.database.reader.mlflowSync.update({ where: keyOf(task), data });
  }

  /**
   * Puts a task aside until `target` is on the server. Answers false when there is nothing to wait for: it is there by now, or never will be.
   * The lock on the target's row has whoever notes its id wait until this is written, so that nothing sleeps for ever.
   */
  async waitFor(task: Task, target: Reference, reason: string): Promise<boolean> {
    const waiting = await this.database.reader.$executeRaw`
      WITH target AS (
        SELECT 1 FROM mlflow_sync
        WHERE entity_kind = ${target.kind} AND entity_id = ${target.entityId} AND mlflow_id IS NULL FOR SHARE
      )
      UPDATE mlflow_sync SET state = 'waiting', waits_for_kind = ${target.kind}, waits_for_id = ${target.entityId},
        attempts = 0, last_error = ${reason.slice(0, REASON_MAX)}
      WHERE entity_kind = ${task.kind} AND entity_id = ${task.entityId} AND EXISTS (SELECT FROM target)`;
    return waiting > 0;
  }
}

/**
 * A backlog of any length costs what is taken: of each kind the index holds what is due in the order it fell due, and that is
 * `place` for what was marked together. Earlier versions of a model come before later ones.
 */
export const dueQuery = (limit: number): Prisma.Sql => Prisma.sql`
  SELECT s.entity_kind, s.entity_id, s.mlflow_id, s.told, s.telling, s.metrics_before, s.attempts,
         coalesce(v.model_name, s.entity_id) AS track
  FROM unnest(${[...MIRROR_KINDS]}::text[]) WITH ORDINALITY AS kind(name, rank)
  CROSS JOIN LATERAL (
    SELECT * FROM mlflow_sync
    WHERE state = 'pending' AND entity_kind = kind.name AND next_attempt_at <= now()
    ORDER BY next_attempt_at, place LIMIT ${limit}
  ) s
  LEFT JOIN model_versions v ON v.id = CASE WHEN s.entity_kind = 'model-version' THEN s.entity_id::uuid END
  ORDER BY kind.rank, v.version, s.next_attempt_at, s.place`;

interface SyncRow {
  readonly entity_kind: MirrorKind;
  readonly entity_id: string;
  readonly mlflow_id: string | null;
  readonly told: Told | null;
  readonly telling: Told | null;
  readonly metrics_before: bigint | null;
  readonly attempts: number;
  readonly track: string;
}
