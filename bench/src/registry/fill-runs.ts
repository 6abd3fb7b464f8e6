import type { PrismaClient } from '@gimbal/db';

export const METRICS = 20;

/** An experiment full of runs. */
export interface Filling {
  readonly experiment: number;
  readonly runs: number;
}

/** Runs begin 37 s apart and have 20 metrics in [0, 1), five parameters and three tags. Both servers get the same, by SQL. */
const RUNS = `CREATE TEMP TABLE filling ON COMMIT DROP AS
  SELECT n::bigint, md5('run ' || n) AS hex, 1767225600000 + n::bigint * 37000 AS ms FROM generate_series(1, $1::int) n`;
/** Scattered over [0, 1), the same on both sides. */
const METRIC_VALUE = '((f.n * 7919 + k * 104729) * 48271 % 2147483647) / 2147483647.0::float8';
const TIME = 'to_timestamp(f.ms / 1000.0)';

/** Our tables. */
const OURS = [
  `INSERT INTO experiments (name, number, created_by) VALUES ('filled', $1::bigint, 'bench')`,
  `INSERT INTO runs (id, experiment_id, name, state, user_name, created_by, started_at, ended_at, updated_at)
   SELECT f.hex::uuid, e.id, 'run ' || f.n, 'finished', 'bench', 'bench', ${TIME}, ${TIME}, ${TIME}
   FROM filling f, experiments e WHERE e.number = $1::bigint`,
  `INSERT INTO run_latest_metrics (run_id, key, experiment_id, run_started_at, value, step, "timestamp")
   SELECT f.hex::uuid, 'm' || k, e.id, ${TIME}, ${METRIC_VALUE}, 10, ${TIME}
   FROM filling f CROSS JOIN generate_series(0, ${METRICS - 1}) k, experiments e WHERE e.number = $1::bigint ORDER BY f.n, k`,
  `INSERT INTO run_params (run_id, key, value) SELECT f.hex::uuid, 'p' || k, (f.n % (k + 2))::text
   FROM filling f CROSS JOIN generate_series(0, 4) k WHERE $1::bigint > 0 ORDER BY f.n, k`,
  `INSERT INTO run_tags (run_id, key, value) SELECT f.hex::uuid, 't' || k, 'v' || (f.n % (k + 2))
   FROM filling f CROSS JOIN generate_series(0, 2) k WHERE $1::bigint > 0 ORDER BY f.n, k`,
];

/** MLflow's tables (mlflow/store/tracking/dbmodels/models.py). */
const MLFLOW = [
  `INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
   VALUES ($1::int, 'filled', 'mlflow-artifacts:/filled', 'active', 0, 0)`,
  `INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, source_version,
     lifecycle_stage, artifact_uri, experiment_id)
   SELECT f.hex, 'run ' || f.n, 'UNKNOWN', '', '', 'bench', 'FINISHED', f.ms, f.ms, '', 'active', 'mlflow-artifacts:/filled/' || f.hex, $1::int
   FROM filling f`,
  `INSERT INTO latest_metrics (key, value, "timestamp", step, is_nan, run_uuid)
   SELECT 'm' || k, ${METRIC_VALUE}, f.ms, 10, false, f.hex
   FROM filling f CROSS JOIN generate_series(0, ${METRICS - 1}) k WHERE $1::int > 0 ORDER BY f.n, k`,
  `INSERT INTO params (key, value, run_uuid) SELECT 'p' || k, (f.n % (k + 2))::text, f.hex
   FROM filling f CROSS JOIN generate_series(0, 4) k WHERE $1::int > 0 ORDER BY f.n, k`,
  `INSERT INTO tags (key, value, run_uuid) SELECT CASE k WHEN 3 THEN 'mlflow.runName' ELSE 't' || k END,
     CASE k WHEN 3 THEN 'run ' || f.n ELSE 'v' || (f.n % (k + 2)) END, f.hex
   FROM filling f CROSS JOIN generate_series(0, 3) k WHERE $1::int > 0 ORDER BY f.n, k`,
];

const fill = async (
  tables: PrismaClient,
  statements: readonly string[],
  { experiment, runs }: Filling,
): Promise<void> => {
  await tables.$transaction(
    async (tx) => {
      // What is filled in is consistent; to have each foreign key checked would take most of the time.
      await tx.$executeRawUnsafe("SET LOCAL session_replication_role = 'replica'");
      await tx.$executeRawUnsafe(RUNS, runs);
      for (const statement of statements) await tx.$executeRawUnsafe(statement, experiment);
    },
    { timeout: 600_000 },
  );
  await tables.$executeRawUnsafe('VACUUM ANALYZE');
};

export const fillOurs = (tables: PrismaClient, filling: Filling): Promise<void> => fill(tables, OURS, filling);
export const fillMlflow = (tables: PrismaClient, filling: Filling): Promise<void> => fill(tables, MLFLOW, filling);
