import { toJson } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { type Ledger, type MirrorKind, NotYet, type Reference } from '../mirrored.js';
import { keyOf, wakeQuery } from './sync-rows.js';

/** How much is not told, and since when. */
export interface Backlog {
  /** That can be told now, or is tried again soon. */
  readonly entities: number;
  /** Of the oldest change that is not told; 0 when nothing waits. */
  readonly ageSeconds: number;
  /** For something that is not there itself, because it is to be told first, failed, or is in conflict. */
  readonly waiting: number;
  readonly conflicts: number;
  readonly failed: number;
}

/** What was told, under which ids, and how much is not told. */
@Injectable()
export class SyncRepository {
  constructor(private readonly database: Database) {}

  /** Begins or ends (null) the noting of changes; the address has no credentials. */
  async mirrorTo(trackingUri: string | null): Promise<void> {
    await this.database.reader.$queryRaw`SELECT mirror_to_mlflow(${trackingUri})`;
  }

  /** The id there. @throws NotYet when it has none */
  async idOf(kind: MirrorKind, entityId: string): Promise<string> {
    const id = await this.findId(kind, entityId);
    if (id === null) throw new NotYet(`Its ${kind} ${entityId} is not on the server yet.`, { kind, entityId });
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

  /** Has a model's versions and aliases told as if they had never been. */
  async forgetVersions({ id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    await this.database.reader.$executeRaw`
      UPDATE mlflow_sync SET mlflow_id = NULL, told = NULL, telling = NULL, state = 'pending', attempts = 0,
        next_attempt_at = now(), changed_at = now()
      WHERE entity_kind = 'aliases' AND entity_id = ${id}
         OR entity_kind = 'model-version' AND entity_id IN (SELECT id::text FROM model_versions WHERE model_name = ${name})`;
  }

  ledgerOf(entity: Reference): Ledger {
    const where = keyOf(entity);
    const note = async (data: object) => {
      await this.database.reader.mlflowSync.update({ where, data });
    };
    return {
      noteId: (mlflowId) =>
        this.database.change(async (tx) => {
          await tx.mlflowSync.update({ where, data: { mlflowId } });
          await tx.$executeRaw(wakeQuery(entity)); // after the id: it sees those that began to wait before
        }),
      noteTelling: (telling) => note({ telling: toJson(telling) }),
      noteMetrics: (before) => note({ metricsBefore: before }),
    };
  }

  async backlog(): Promise<Backlog> {
    const [row] = await this.database.reader.$queryRaw<Backlog[]>`
      WITH marks AS (
        SELECT count(*) AS entities, min(since) AS since
        FROM (SELECT min(marked_at) AS since FROM mlflow_marks m WHERE NOT EXISTS (
                SELECT FROM mlflow_sync s WHERE s.entity_kind = m.entity_kind AND s.entity_id = m.entity_id AND s.state = 'pending')
              GROUP BY entity_kind, entity_id) AS unseen
      )
      SELECT (marks.entities + (SELECT count(*) FROM mlflow_sync WHERE state = 'pending'))::int AS entities,
             coalesce(extract(epoch FROM now() - least(marks.since, (
               SELECT min(changed_at) FROM mlflow_sync WHERE state = 'pending'
             ))), 0)::float8 AS "ageSeconds",
             (SELECT count(*)::int FROM mlflow_sync WHERE state = 'waiting') AS waiting,
             (SELECT count(*)::int FROM mlflow_sync WHERE state = 'conflict') AS conflicts,
             (SELECT count(*)::int FROM mlflow_sync WHERE state = 'failed') AS failed
      FROM marks`;
    return row ?? { entities: 0, ageSeconds: 0, waiting: 0, conflicts: 0, failed: 0 };
  }
}
