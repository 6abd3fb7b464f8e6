import type { DatabaseReader } from '@gimbal/db';

const ASSESSMENTS_MAX = 10;
const PROMOTIONS_MAX = 10;
const HOURS_MAX = 168;
const WARNINGS_MAX = 50;

/** A window of one model's predictions. */
export interface SnapshotWindow {
  readonly modelName: string;
  readonly from: Date;
  readonly until: Date;
}

/** What a person would look at first, each part bounded. Counts and rates only: no feature values leave their table. */
export async function collectSnapshot(db: DatabaseReader, { modelName, from, until }: SnapshotWindow) {
  const assessments = await db.healthAssessment.findMany({
    where: { modelName },
    orderBy: { createdAt: 'desc' },
    take: ASSESSMENTS_MAX,
    select: {
      id: true,
      modelVersion: true,
      verdict: true,
      rows: true,
      labelledRows: true,
      summary: true,
      createdAt: true,
    },
  });
  const promotions = await db.promotion.findMany({
    where: { modelName },
    orderBy: { createdAt: 'desc' },
    take: PROMOTIONS_MAX,
    select: { kind: true, fromVersion: true, toVersion: true, forced: true, decidedBy: true, createdAt: true },
  });
  const traffic = await db.$queryRaw<unknown[]>`
    SELECT model_version AS "modelVersion", date_trunc('hour', created_at) AS hour, count(*)::int AS predictions,
           count(actual)::int AS labelled, avg(prediction) AS "positiveShare", avg(latency_ms) AS "latencyMsMean"
    FROM predictions
    WHERE model_name = ${modelName} AND created_at >= ${from} AND created_at < ${until}
    GROUP BY 1, 2 ORDER BY 2 DESC, 1 DESC LIMIT ${HOURS_MAX}`;
  const warnings = await db.$queryRaw<unknown[]>`
    SELECT warning ->> 'field' AS field, warning ->> 'code' AS code, count(*)::int AS predictions
    FROM predictions, jsonb_array_elements(warnings) AS warning
    WHERE model_name = ${modelName} AND created_at >= ${from} AND created_at < ${until}
    GROUP BY 1, 2 ORDER BY 3 DESC LIMIT ${WARNINGS_MAX}`;
  return { assessments, promotions, traffic, warnings };
}
