import type { Stage } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';

/** A row of one of the two histories. Times are read in milliseconds, as PostgreSQL keeps them. */
export interface MoveRow {
  readonly kind: 'stage' | 'alias';
  readonly id: bigint;
  readonly version: number | null;
  readonly stage: Stage | null;
  readonly previousStage: Stage | null;
  readonly alias: string | null;
  readonly previousVersion: number | null;
  readonly actor: string;
  readonly reason: string;
  readonly decisionId: string | null;
  readonly at: Date;
}

/** Which moves of a model are wanted, newest first. `before` is the last row of the page before. */
export interface WantedMoves {
  readonly model: string;
  readonly version: number | null;
  readonly until: Date | null;
  readonly before: Pick<MoveRow, 'at' | 'kind' | 'id'> | null;
  readonly take: number;
}

/** Stages and aliases as one history. Where times are equal the aliases, which follow the stages, are newer. */
export async function listModelMoves(
  db: DatabaseReader,
  { model, version, until, before, take }: WantedMoves,
): Promise<readonly MoveRow[]> {
  return await db.$queryRaw<MoveRow[]>`
    SELECT * FROM (
      SELECT 'stage' AS kind, id, version, to_stage::text AS stage, from_stage::text AS "previousStage", NULL AS alias,
        NULL::int AS "previousVersion", changed_by AS actor, reason, decision_id AS "decisionId", changed_at AS at
      FROM stage_history WHERE model_name = ${model}
      UNION ALL
      SELECT 'alias', id, version, NULL, NULL, alias, previous_version, changed_by, reason, decision_id, changed_at
      FROM alias_history WHERE model_name = ${model}
    ) AS moves
    WHERE (${version}::int IS NULL OR version = ${version} OR "previousVersion" = ${version})
      AND (${until}::timestamptz IS NULL OR at <= ${until})
      AND (${before?.at ?? null}::timestamptz IS NULL
        OR (at, CASE kind WHEN 'alias' THEN 1 ELSE 0 END, id)
          < (${before?.at ?? null}::timestamptz, ${before?.kind === 'alias' ? 1 : 0}::int, ${before?.id ?? null}::bigint))
    ORDER BY at DESC, kind = 'alias' DESC, id DESC LIMIT ${take}`;
}

/** What an alias pointed at, and since which move. */
export interface AliasPlace {
  readonly alias: string;
  readonly version: number;
  readonly actor: string;
  readonly reason: string;
  readonly decisionId: string | null;
  readonly since: Date;
}

/** What every alias of a model pointed at. */
export async function aliasesAt(db: DatabaseReader, model: string, at: Date): Promise<readonly AliasPlace[]> {
  return await db.$queryRaw<AliasPlace[]>`
    SELECT * FROM (
      SELECT DISTINCT ON (alias) alias, version, changed_by AS actor, reason, decision_id AS "decisionId", changed_at AS since
      FROM alias_history WHERE model_name = ${model} AND changed_at <= ${at} ORDER BY alias, id DESC
    ) AS last WHERE version IS NOT NULL`;
}

/** How far every version of a model was that was registered by then. Those that were deleted since are left out. */
export async function stagesAt(
  db: DatabaseReader,
  model: string,
  at: Date,
): Promise<readonly { readonly version: number; readonly stage: Stage }[]> {
  return await db.$queryRaw<{ version: number; stage: Stage }[]>`
    SELECT DISTINCT ON (h.version) h.version, h.to_stage::text AS stage
    FROM stage_history h JOIN model_versions v ON v.model_name = h.model_name AND v.version = h.version
    WHERE h.model_name = ${model} AND h.changed_at <= ${at} ORDER BY h.version, h.id DESC`;
}
