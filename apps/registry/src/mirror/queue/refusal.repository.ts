import { Prisma } from '@gimbal/db';
import { readTimePlace } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { MirrorKind } from '../mirrored.js';

/** What is not told before it changes, or somebody has it tried again. */
export interface Refusal {
  /** Of the row. */
  readonly rowId: string;
  readonly kind: MirrorKind;
  readonly id: string;
  readonly name: string;
  readonly state: 'failed' | 'conflict';
  readonly reason: string;
  readonly changedAt: Date;
}

const REFUSED = Prisma.sql`state IN ('failed', 'conflict')`;

/** What the server refused, or is somebody else's there. */
@Injectable()
export class RefusalRepository {
  constructor(private readonly database: Database) {}

  /** Those changed last come first. @throws DomainError `invalid-cursor` */
  async list(cursor: string | undefined, take: number): Promise<readonly Refusal[]> {
    const place = readTimePlace(cursor);
    const after = place ? Prisma.sql`AND (s.changed_at, s.id) < (${place.at}, ${place.id}::uuid)` : Prisma.empty;
    return await this.database.reader.$queryRaw<Refusal[]>`
      SELECT s.id AS "rowId", s.entity_kind AS kind, s.entity_id AS id, s.state::text AS state,
             coalesce(s.last_error, '') AS reason, s.changed_at AS "changedAt",
             coalesce(${nameOf('experiments', ['experiment'])}, ${nameOf('runs', ['run'])}, ${nameOf('models', ['model', 'aliases'])},
               (SELECT name FROM logged_models WHERE id = s.entity_id),
               (SELECT model_name || '/' || version FROM model_versions WHERE id = ${idOf(['model-version'])}), s.entity_id) AS name
      FROM mlflow_sync s WHERE s.${REFUSED} ${after} ORDER BY s.changed_at DESC, s.id DESC LIMIT ${take}`;
  }

  /** Has one, or all, tried again; answers how many there were. */
  async retry(id: string | undefined): Promise<number> {
    const which = id === undefined ? Prisma.empty : Prisma.sql`AND entity_id = ${id}`;
    return await this.database.reader.$executeRaw`
      UPDATE mlflow_sync SET state = 'pending', attempts = 0, next_attempt_at = now() WHERE ${REFUSED} ${which}`;
  }
}

/** The id as that of a row of these kinds; null for others. */
const idOf = (kinds: readonly MirrorKind[]): Prisma.Sql =>
  Prisma.sql`CASE WHEN s.entity_kind = ANY (${[...kinds]}::text[]) THEN s.entity_id::uuid END`;

const nameOf = (table: 'experiments' | 'runs' | 'models', kinds: readonly MirrorKind[]): Prisma.Sql =>
  Prisma.sql`(SELECT name FROM ${Prisma.raw(table)} WHERE id = ${idOf(kinds)})`;
