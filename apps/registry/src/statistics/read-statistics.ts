import type { RegistryStatistics } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { LIFECYCLE_STAGES } from '@gimbal/domain';

/** Frameworks that are told apart; a registry holds few, but anybody may name one. */
const FRAMEWORKS_MAX = 50;
const DAYS = 30;

interface Counts {
  readonly models: number;
  readonly liveModels: number;
  readonly versions: number;
  readonly servedVersions: number;
  readonly runs: number;
}

interface Bytes {
  readonly kind: 'modelFiles' | 'runFiles' | 'loggedModelFiles' | 'datasets' | 'total';
  readonly bytes: number;
}

/** What the registry holds. Call it inside a snapshot, so that the numbers belong together. */
export async function readStatistics(db: DatabaseReader): Promise<RegistryStatistics> {
  const [counts] = await db.$queryRaw<Counts[]>`
    SELECT (SELECT count(*) FROM models)::float8 AS models,
      (SELECT count(*) FROM model_versions WHERE is_active)::float8 AS "liveModels",
      (SELECT count(*) FROM model_versions)::float8 AS versions,
      (SELECT count(*) FROM model_versions WHERE unserved_reason IS NULL)::float8 AS "servedVersions",
      (SELECT count(*) FROM runs WHERE lifecycle = 'active')::float8 AS runs`;
  return {
    ...counts!, // one row without a table always comes
    versionsByStage: await countByStage(db),
    versionsByFramework: await countByFramework(db),
    storage: await measureStorage(db),
    registrationsPerDay: await countByDay(db),
  };
}

async function countByStage(db: DatabaseReader): Promise<RegistryStatistics['versionsByStage']> {
  const rows = await db.modelVersion.groupBy({ by: ['stage'], _count: true });
  const counted = new Map(rows.map(({ stage, _count }) => [stage, _count]));
  const all = LIFECYCLE_STAGES.map((stage) => [stage, counted.get(stage) ?? 0]);
  return Object.fromEntries(all) as RegistryStatistics['versionsByStage']; // an entry per stage
}

async function countByFramework(db: DatabaseReader): Promise<Record<string, number>> {
  const rows = await db.modelVersion.groupBy({
    by: ['framework'],
    _count: true,
    orderBy: [{ _count: { framework: 'desc' } }, { framework: 'asc' }],
    take: FRAMEWORKS_MAX,
  });
  return Object.fromEntries(rows.map(({ framework, _count }) => [framework, _count]));
}

async function measureStorage(db: DatabaseReader): Promise<RegistryStatistics['storage']> {
  const rows = await db.$queryRaw<Bytes[]>`
    WITH content AS (
      SELECT 'modelFiles' AS kind, artifact_digest AS digest, artifact_bytes AS bytes FROM model_versions WHERE artifact_digest IS NOT NULL
      UNION SELECT 'runFiles', digest, bytes FROM artifacts
      UNION SELECT 'loggedModelFiles', digest, bytes FROM logged_model_artifacts
      UNION SELECT 'datasets', digest, bytes FROM dataset_versions
    )
    SELECT kind, sum(bytes)::float8 AS bytes FROM content GROUP BY kind
    UNION ALL SELECT 'total', coalesce(sum(bytes), 0)::float8 FROM (SELECT DISTINCT digest, bytes FROM content) every`;
  const none = { modelFiles: 0, runFiles: 0, loggedModelFiles: 0, datasets: 0, total: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ kind, bytes }) => [kind, bytes])) };
}

async function countByDay(db: DatabaseReader): Promise<RegistryStatistics['registrationsPerDay']> {
  return await db.$queryRaw<{ day: string; versions: number }[]>`
    SELECT to_char(d.day, 'YYYY-MM-DD') AS day, count(v.id)::float8 AS versions
    FROM generate_series(0, ${DAYS - 1}::int) AS n(ago)
    CROSS JOIN LATERAL (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') - n.ago * interval '1 day' AS day) d
    LEFT JOIN model_versions v ON v.created_at >= d.day AT TIME ZONE 'UTC' AND v.created_at < (d.day + interval '1 day') AT TIME ZONE 'UTC'
    GROUP BY d.day ORDER BY d.day`;
}
