import type { Lifecycle, Statement } from '@gimbal/db';

/** What became of a run that was to begin: `made` is null when it was not. */
export interface BegunRow {
  /** Of the experiment. */
  readonly lifecycle: Lifecycle;
  readonly artifact_location: string | null;
  readonly made: string | null;
  readonly parent_run_id: string | null;
}

/** Begins a run with its parameters and tags; `$1` or `$2` names the experiment. A run that is there already is left as it is. */
export const BEGIN_RUN: Statement = {
  name: 'run-begin',
  text: `WITH experiment AS (SELECT id, lifecycle, artifact_location FROM experiments WHERE id = $1::uuid OR number = $2::int8),
  made AS (
    INSERT INTO runs (id, experiment_id, parent_run_id, name, user_name, created_by, started_at, dataset_digest, updated_at)
    SELECT $3::uuid, e.id, (SELECT id FROM runs WHERE id = $4::uuid), $5, $6, $7, to_timestamp($8::float8 / 1000), $9, now()
    FROM experiment e WHERE e.lifecycle = 'active' ON CONFLICT (id) DO NOTHING RETURNING id, parent_run_id),
  params AS (
    INSERT INTO run_params (run_id, key, value) SELECT made.id, p.key, p.value FROM made, unnest($10::text[], $11::text[]) AS p(key, value)),
  tags AS (
    INSERT INTO run_tags (run_id, key, value) SELECT made.id, t.key, t.value FROM made, unnest($12::text[], $13::text[]) AS t(key, value))
  SELECT e.lifecycle, e.artifact_location, made.id AS made, made.parent_run_id FROM experiment e LEFT JOIN made ON true`,
};
