import type { Statement } from '@gimbal/db';

/** What may be logged to a run in one call. A call pays for the kinds that it brings. */
export const LOGGED_KINDS = ['params', 'metrics', 'modelMetrics', 'tags', 'name'] as const;
export type LoggedKind = (typeof LOGGED_KINDS)[number];

/** What a kind adds to the statement. Its values are arrays, one for each column; `n` is the number of the first. */
interface Part {
  readonly values: number;
  /** Read before the run is. */
  readonly before?: (n: number) => string;
  /** What must hold of the run's row, besides that it is active. */
  readonly condition?: (n: number) => string;
  readonly write: (n: number) => string;
}

const POINT_OF_RUN = 'to_timestamp(m.ms / 1000)';

const PARTS: Readonly<Record<LoggedKind, Part>> = {
  params: {
    values: 2,
    before: (n) => `param AS (SELECT * FROM unnest($${n}::text[], $${n + 1}::text[]) AS p(key, value))`,
    condition: () =>
      'NOT EXISTS (SELECT 1 FROM param p JOIN run_params o ON o.run_id = $1 AND o.key = p.key WHERE o.value <> p.value)',
    // One that another call wrote meanwhile comes back as it is, so that a different value is noticed all the same.
    write: () => `written AS (
      INSERT INTO run_params (run_id, key, value) SELECT run.id, p.key, p.value FROM run, param p WHERE run.open ORDER BY p.key
      ON CONFLICT (run_id, key) DO UPDATE SET value = run_params.value RETURNING key, value)`,
  },
  metrics: {
    values: 4,
    before: (n) =>
      `point AS (SELECT * FROM unnest($${n}::text[], $${n + 1}::int8[], $${n + 2}::float8[], $${n + 3}::float8[]) AS m(key, step, ms, value))`,
    // The same point again is stored once. "Latest" is MLflow's: highest step, then time, then value.
    write: () => `history AS (
      INSERT INTO run_metrics (run_id, key, step, "timestamp", value)
      SELECT run.id, m.key, m.step, ${POINT_OF_RUN}, m.value FROM run, point m WHERE run.open
      ORDER BY m.key, m.step, m.ms, m.value ON CONFLICT DO NOTHING),
    latest AS (
      INSERT INTO run_latest_metrics AS l (run_id, key, experiment_id, run_started_at, value, step, "timestamp")
      SELECT DISTINCT ON (m.key) run.id, m.key, run.experiment_id, run.started_at, m.value, m.step, ${POINT_OF_RUN}
      FROM run, point m WHERE run.open ORDER BY m.key, m.step DESC, m.ms DESC, m.value DESC
      ON CONFLICT (run_id, key) DO UPDATE
      SET value = excluded.value, step = excluded.step, "timestamp" = excluded."timestamp"
      WHERE (excluded.step, excluded."timestamp", excluded.value) > (l.step, l."timestamp", l.value))`,
  },
  modelMetrics: {
    values: 7,
    before: (n) => `measure AS (
      SELECT * FROM unnest($${n}::text[], $${n + 1}::int8[], $${n + 2}::float8[], $${n + 3}::float8[], $${n + 4}::text[], $${n + 5}::text[], $${n + 6}::text[])
      AS m(key, step, ms, value, model_id, dataset_name, dataset_digest)),
    missing AS (SELECT m.model_id FROM measure m WHERE NOT EXISTS (SELECT 1 FROM logged_models l WHERE l.id = m.model_id) LIMIT 1)`,
    condition: () => 'NOT EXISTS (SELECT 1 FROM missing)',
    write: () => `measured AS (
      INSERT INTO logged_model_metrics (run_id, model_id, key, step, "timestamp", value, dataset_name, dataset_digest)
      SELECT DISTINCT run.id, m.model_id, m.key, m.step, ${POINT_OF_RUN}, m.value, m.dataset_name, m.dataset_digest
      FROM run, measure m WHERE run.open AND NOT EXISTS (
        SELECT 1 FROM logged_model_metrics o WHERE o.model_id = m.model_id AND o.key = m.key AND o.run_id = run.id
        AND o.step = m.step AND o."timestamp" = ${POINT_OF_RUN} AND o.value = m.value))`,
  },
  tags: {
    values: 2,
    write: (n) => `tagged AS (
      INSERT INTO run_tags (run_id, key, value)
      SELECT run.id, t.key, t.value FROM run, unnest($${n}::text[], $${n + 1}::text[]) AS t(key, value) WHERE run.open ORDER BY t.key
      ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value)`,
  },
  name: {
    values: 1,
    write: (n) =>
      `named AS (UPDATE runs SET name = $${n}, updated_at = now() FROM run WHERE run.open AND runs.id = run.id)`,
  },
};

/** Parameters that have another value already; those of a call that came between are among the written ones. */
const CHANGED = `(SELECT json_agg(c) FROM (
    SELECT p.key, o.value AS present, p.value AS wanted FROM param p JOIN run_params o ON o.run_id = $1 AND o.key = p.key WHERE o.value <> p.value
    UNION SELECT p.key, w.value, p.value FROM param p JOIN written w ON w.key = p.key WHERE w.value <> p.value) c)`;

/** Builds the statement that logs these kinds to run `$1`. It answers no row when the run is not there. */
function build(kinds: readonly LoggedKind[]): Statement {
  let next = 2;
  const parts = kinds.map((kind) => {
    const part = PARTS[kind];
    const first = next;
    next += part.values;
    return { part, first };
  });
  const before = parts.flatMap(({ part, first }) => part.before?.(first) ?? []);
  const conditions = parts.flatMap(({ part, first }) => part.condition?.(first) ?? []);
  const run = `run AS (
    SELECT id, experiment_id, started_at, lifecycle, ${["lifecycle = 'active'", ...conditions].join(' AND ')} AS open FROM runs WHERE id = $1)`;
  const writes = parts.map(({ part, first }) => part.write(first));
  const answers = [
    'run.lifecycle',
    `${kinds.includes('params') ? CHANGED : 'NULL::json'} AS changed`,
    `${kinds.includes('modelMetrics') ? '(SELECT model_id FROM missing)' : 'NULL::text'} AS missing`,
  ];
  return {
    name: `log-${kinds.join('-')}`,
    text: `WITH ${[...before, run, ...writes].join(',\n    ')}\n  SELECT ${answers.join(', ')} FROM run`,
  };
}

const BUILT = new Map<string, Statement>();

/** The statement that logs these kinds, in the order of {@link LOGGED_KINDS}. */
export function logStatement(kinds: readonly LoggedKind[]): Statement {
  const key = kinds.join();
  const statement = BUILT.get(key) ?? build(kinds);
  BUILT.set(key, statement);
  return statement;
}
