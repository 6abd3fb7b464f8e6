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

/** What every alias of a model pointed at. */
export async function aliasesAt(db: DatabaseReader, model: string, at: Date) {
  const moves = await db.aliasHistory.findMany({
    where: { modelName: model, changedAt: { lte: at } },
    distinct: ['alias'],
    orderBy: [{ alias: 'asc' }, { id: 'desc' }],
  });
  return moves.flatMap(({ version, ...move }) => (version === null ? [] : [{ ...move, version }]));
}

/** How far every version of a model was that was registered by then. */
export async function stagesAt(db: DatabaseReader, model: string, at: Date) {
  return await db.stageChange.findMany({
    where: { modelName: model, changedAt: { lte: at } },
    distinct: ['version'],
    orderBy: [{ version: 'asc' }, { id: 'desc' }],
    select: { version: true, toStage: true },
  });
}
