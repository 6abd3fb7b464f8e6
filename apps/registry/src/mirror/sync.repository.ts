import { toJson } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { type Ledger, MIRROR_KINDS, type MirrorKind, NotYet, type Outcome, type Task, type Told } from './mirrored.js';

/** Marks taken in one statement. */
const MARKS_MAX = 5_000;

/** A task and what it must not be told beside: versions of one model are counted there in the order they come. */
export interface DueTask extends Task {
  readonly track: string;
}

/** How much waits, and since when. */
export interface Backlog {
  readonly entities: number;
  /** Of the oldest change that is not told; 0 when nothing waits. */
  readonly ageSeconds: number;
  readonly conflicts: number;
  readonly failed: number;
}

/** What waits to be told, what was told, and under which ids. */
@Injectable()
export class SyncRepository {
  constructor(private readonly database: Database) {}

  /** Begins or ends (null) the noting of changes; the address has no credentials. */
  async mirrorTo(trackingUri: string | null): Promise<void> {
    await this.database.reader.$queryRaw`SELECT mirror_to_mlflow(${trackingUri})`;
  }

  /** Turns marks into tasks, however many marks an entity has. */
  async takeMarks(): Promise<void> {
    for (let taken = MARKS_MAX; taken === MARKS_MAX; ) {
      const [row] = await this.database.reader.$queryRaw<{ taken: number }[]>`
        WITH taken AS (
          DELETE FROM mlflow_marks WHERE id IN (SELECT id FROM mlflow_marks ORDER BY id LIMIT ${MARKS_MAX})
          RETURNING id, entity_kind, entity_id, marked_at
        ), folded AS (
          INSERT INTO mlflow_sync (entity_kind, entity_id, place, changed_at)
          SELECT entity_kind, entity_id, min(id), min(marked_at) FROM taken GROUP BY entity_kind, entity_id
          ON CONFLICT (entity_kind, entity_id) DO UPDATE SET
            place = CASE WHEN mlflow_sync.state = 'pending' THEN mlflow_sync.place ELSE EXCLUDED.place END,
            changed_at = CASE WHEN mlflow_sync.state = 'pending' THEN mlflow_sync.changed_at ELSE EXCLUDED.changed_at END,
            next_attempt_at = CASE WHEN mlflow_sync.state = 'pending' THEN mlflow_sync.next_attempt_at ELSE now() END,
            attempts = CASE WHEN mlflow_sync.state = 'pending' THEN mlflow_sync.attempts ELSE 0 END,
            state = 'pending'
        )
        SELECT count(*)::int AS taken FROM taken`;
      taken = row?.taken ?? 0;
    }
  }

  /** What may be told now: kinds in their order, and of a kind what changed first. */
  async takeDue(limit: number): Promise<readonly DueTask[]> {
    const rows = await this.database.reader.$queryRaw<SyncRow[]>`
      SELECT s.entity_kind, s.entity_id, s.mlflow_id, s.told, s.telling, s.metrics_before, s.attempts,
             coalesce(v.model_name, s.entity_id) AS track
      FROM mlflow_sync s
      LEFT JOIN model_versions v ON s.entity_kind = 'model-version' AND v.id::text = s.entity_id
      WHERE s.state = 'pending' AND s.next_attempt_at <= now()
      ORDER BY array_position(${[...MIRROR_KINDS]}::text[], s.entity_kind), v.model_name, v.version, s.place, s.id
      LIMIT ${limit}`;
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

  /** The id there. @throws NotYet when it has none */
  async idOf(kind: MirrorKind, entityId: string): Promise<string> {
    const id = await this.findId(kind, entityId);
    if (id === null) throw new NotYet(`Its ${kind} ${entityId} is not on the server yet.`);
    return id;
  }

  async findId(kind: MirrorKind, entityId: string): Promise<string | null> {
    const row = await this.database.reader.mlflowSync.findUnique({ where: keyOf({ kind, entityId }) });
    return row?.mlflowId ?? null;
  }

  /** Every id there of a kind. */
  async idsThere(kind: MirrorKind): Promise<readonly string[]> {
    const where = { entityKind: kind, mlflowId: { not: null } };
    const rows = await this.database.reader.mlflowSync.findMany({ where, select: { mlflowId: true } });
    return rows.flatMap(({ mlflowId }) => (mlflowId === null ? [] : [mlflowId]));
  }

  /** True for the id of something that was told, whether it is still here or not. */
  async wasTold(entityId: string): Promise<boolean> {
    return (await this.database.reader.mlflowSync.count({ where: { entityId } })) > 0;
  }

  ledgerOf(task: Pick<Task, 'kind' | 'entityId'>): Ledger {
    const note = async (data: object) => {
      await this.database.reader.mlflowSync.update({ where: keyOf(task), data });
    };
    return {
      noteId: (mlflowId) => note({ mlflowId }),
      noteTelling: (telling) => note({ telling: toJson(telling) }),
      noteMetrics: (before) => note({ metricsBefore: before }),
    };
  }

  async settle(task: Task, { state, told, problems }: Outcome): Promise<void> {
    const where = keyOf(task);
    if (state === 'gone') {
      await this.database.reader.mlflowSync.delete({ where });
      return;
    }
    const lastError = problems.length === 0 ? null : problems.join(' ').slice(0, 2_000);
    await this.database.reader.$executeRaw`
      UPDATE mlflow_sync SET state = ${state}::sync_state, told = ${JSON.stringify(told)}::jsonb, telling = NULL, attempts = 0,
        last_error = ${lastError}, synced_at = now()
      WHERE entity_kind = ${task.kind} AND entity_id = ${task.entityId}`;
  }

  /** It stays as it was told last. */
  async refuse(task: Task, state: 'failed' | 'conflict', reason: string): Promise<void> {
    const data = { state, lastError: reason.slice(0, 2_000), attempts: { increment: 1 } };
    await this.database.reader.mlflowSync.update({ where: keyOf(task), data });
  }

  async postpone(task: Task, delayMs: number, reason: string): Promise<void> {
    const nextAttemptAt = new Date(Date.now() + delayMs);
    const data = { nextAttemptAt, lastError: reason.slice(0, 2_000), attempts: { increment: 1 } };
    await this.database.reader.mlflowSync.update({ where: keyOf(task), data });
  }

  async backlog(): Promise<Backlog> {
    const [row] = await this.database.reader.$queryRaw<(Backlog & { readonly entities: number })[]>`
      WITH waiting AS (
        SELECT count(*) AS entities, min(changed_at) AS since FROM mlflow_sync WHERE state = 'pending'
      ), marks AS (
        SELECT count(*) AS entities, min(marked_at) AS since
        FROM (SELECT min(marked_at) AS marked_at FROM mlflow_marks m WHERE NOT EXISTS (
                SELECT FROM mlflow_sync s WHERE s.entity_kind = m.entity_kind AND s.entity_id = m.entity_id AND s.state = 'pending')
              GROUP BY entity_kind, entity_id) AS unseen
      )
      SELECT (waiting.entities + marks.entities)::int AS entities,
             coalesce(extract(epoch FROM now() - least(waiting.since, marks.since)), 0)::float8 AS "ageSeconds",
             (SELECT count(*)::int FROM mlflow_sync WHERE state = 'conflict') AS conflicts,
             (SELECT count(*)::int FROM mlflow_sync WHERE state = 'failed') AS failed
      FROM waiting, marks`;
    return row ?? { entities: 0, ageSeconds: 0, conflicts: 0, failed: 0 };
  }
}

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

const keyOf = ({ kind, entityId }: Pick<Task, 'kind' | 'entityId'>) => ({
  entityKind_entityId: { entityKind: kind, entityId },
});
