import { Prisma } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { MirrorKind, Told } from '../mirrored.js';

/** One entity that is here, with how it stands in the mirror. */
export interface MirroredRow {
  readonly kind: MirrorKind;
  readonly entityId: string;
  readonly mlflowId: string | null;
  readonly state: 'pending' | 'waiting' | 'synced' | 'failed' | 'conflict' | null;
  readonly told: Told | null;
  readonly lastError: string | null;
}

/** Where entities of a kind are. Aliases are told model by model. */
const TABLES = {
  experiment: Prisma.sql`experiments`,
  run: Prisma.sql`runs`,
  'logged-model': Prisma.sql`logged_models`,
  model: Prisma.sql`models`,
  'model-version': Prisma.sql`model_versions`,
  aliases: Prisma.sql`models`,
} as const satisfies Record<MirrorKind, Prisma.Sql>;

/** Everything that is here, whether the mirror knows of it or not. */
@Injectable()
export class ReconcileRepository {
  constructor(private readonly database: Database) {}

  /** In the order of their ids, from the one after `after` on. */
  async list(kind: MirrorKind, after: string, limit: number): Promise<readonly MirroredRow[]> {
    return await this.database.reader.$queryRaw<MirroredRow[]>`
      SELECT ${kind} AS kind, e.id::text AS "entityId", s.mlflow_id AS "mlflowId", s.state::text AS state, s.told,
             s.last_error AS "lastError"
      FROM ${TABLES[kind]} e LEFT JOIN mlflow_sync s ON s.entity_kind = ${kind} AND s.entity_id = e.id::text
      WHERE e.id::text > ${after} ORDER BY e.id::text LIMIT ${limit}`;
  }

  /** Has them told again from the beginning: files and metrics, too, as some may be lost there. */
  async markAgain(items: readonly { readonly kind: MirrorKind; readonly id: string }[]): Promise<void> {
    for (const { kind, id } of items) {
      await this.database.change(async (tx) => {
        await tx.$executeRaw`
          UPDATE mlflow_sync SET metrics_before = NULL, told = jsonb_set(told, '{files}', '{}')
          WHERE entity_kind = ${kind} AND entity_id = ${id}`;
        await tx.mlflowMark.create({ data: { entityKind: kind, entityId: id } });
      });
    }
  }
}
