import type { RunState } from '@gimbal/db';
import { artifactUriOf } from '../artifact-uri.js';
import { mlflowRunId } from '../ids.js';

/** What of a run MLflow calls its info. */
export interface RunInfoRow {
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly user_name: string;
  readonly state: RunState;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly ended: number | null;
  readonly lifecycle: 'active' | 'deleted';
  readonly artifact_location: string | null;
}

interface Pair {
  readonly key: string;
  readonly value: string;
}

/** Keys and values, a list of each: PostgreSQL makes these several times faster than a list of objects, which a page of runs is mostly made of. */
type PairColumns = readonly [keys: readonly string[] | null, values: readonly string[] | null];
type MetricColumns = readonly [
  keys: readonly string[] | null,
  values: readonly (number | string)[] | null,
  timestamps: readonly number[] | null,
  steps: readonly (number | string)[] | null,
];

/** A run with all that a search or a read shows of it; the JSON of its parts was made by PostgreSQL. */
export interface RunRow extends RunInfoRow {
  readonly parent_run_id: string | null;
  readonly metrics: MetricColumns | null;
  readonly params: PairColumns | null;
  readonly tags: PairColumns | null;
  readonly datasets: readonly object[] | null;
  readonly model_inputs: readonly object[] | null;
  readonly model_outputs: readonly object[] | null;
}

export const RUN_NAME_TAG = 'mlflow.runName';
export const PARENT_RUN_TAG = 'mlflow.parentRunId';

/** A number of 64 bits as MLflow sends it: as text where JSON's readers would round it. PostgreSQL makes "NaN" of NaN by itself. */
const int64Json = (column: string): string =>
  `CASE WHEN ${column} BETWEEN -9007199254740991 AND 9007199254740991 THEN to_json(${column}) ELSE to_json(${column}::text) END`;

/** Milliseconds since 1970 of a time. */
export const millisOf = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

/** The members of a metric's point as JSON, of a row of `run_metrics` or `run_latest_metrics` under the alias `m`. */
export const METRIC_JSON_MEMBERS = `'key', m.key, 'value', m.value, 'timestamp', ${millisOf('m."timestamp"')}, 'step', ${int64Json('m.step')}`;

/** Columns of a {@link RunInfoRow}, for the same statement as {@link RUN_COLUMNS}. */
export const RUN_INFO_COLUMNS = `r.id, r.name, e.number AS experiment, r.user_name, r.state, ${millisOf('r.started_at')} AS started,
  ${millisOf('r.ended_at')} AS ended, r.lifecycle, e.artifact_location`;

/** Columns of a {@link RunRow}, for a statement `FROM runs r JOIN experiments e ON e.id = r.experiment_id`. */
export const RUN_COLUMNS = `${RUN_INFO_COLUMNS}, r.parent_run_id,
  (SELECT json_build_array(json_agg(m.key), json_agg(m.value), json_agg(${millisOf('m."timestamp"')}), json_agg(${int64Json('m.step')}))
   FROM (SELECT * FROM run_latest_metrics WHERE run_id = r.id ORDER BY key) m) AS metrics,
  (SELECT json_build_array(json_agg(p.key), json_agg(p.value)) FROM (SELECT * FROM run_params WHERE run_id = r.id ORDER BY key) p) AS params,
  (SELECT json_build_array(json_agg(t.key), json_agg(t.value)) FROM (SELECT * FROM run_tags WHERE run_id = r.id ORDER BY key) t) AS tags,
  (SELECT json_agg(json_build_object('tags', (SELECT json_agg(json_build_object('key', g.key, 'value', g.value)) FROM jsonb_each_text(i.tags) g),
     'dataset', json_build_object('name', d.name, 'digest', d.digest, 'source_type', d.source_type, 'source', d.source,
       'schema', d.schema, 'profile', d.profile)) ORDER BY i.created_at, d.name)
   FROM run_inputs i JOIN used_datasets d ON d.id = i.dataset_id WHERE i.run_id = r.id) AS datasets,
  (SELECT json_agg(json_build_object('model_id', l.model_id) ORDER BY l.model_id) FROM run_models l WHERE l.run_id = r.id AND l.role = 'input') AS model_inputs,
  (SELECT json_agg(json_build_object('model_id', l.model_id, 'step', ${int64Json('l.step')}) ORDER BY l.model_id)
   FROM run_models l WHERE l.run_id = r.id AND l.role = 'output') AS model_outputs`;

export function showRunInfo(row: RunInfoRow): object {
  const id = mlflowRunId(row.id);
  const experiment = { number: row.experiment, artifactLocation: row.artifact_location };
  return {
    run_id: id,
    run_uuid: id,
    run_name: row.name,
    experiment_id: row.experiment,
    user_id: row.user_name,
    status: row.state.toUpperCase(),
    start_time: row.started,
    ...(row.ended !== null && { end_time: row.ended }),
    artifact_uri: artifactUriOf(experiment, { kind: 'run', id: row.id }),
    lifecycle_stage: row.lifecycle,
  };
}

/** A run as MLflow's clients read it. */
export function showRun(row: RunRow): object {
  return {
    info: showRunInfo(row),
    data: { metrics: metricsOf(row), params: pairsOf(row.params), tags: tagsOf(row) },
    inputs: { dataset_inputs: row.datasets ?? [], model_inputs: row.model_inputs ?? [] },
    outputs: { model_outputs: row.model_outputs ?? [] },
  };
}

/** The tags of a run, with those in which MLflow's clients look for its name and its parent: they are columns here. */
function tagsOf({ name, parent_run_id, tags }: RunRow): readonly Pair[] {
  const derived = [{ key: RUN_NAME_TAG, value: name }];
  if (parent_run_id !== null) derived.push({ key: PARENT_RUN_TAG, value: mlflowRunId(parent_run_id) });
  return [...derived, ...pairsOf(tags).filter(({ key }) => !derived.some((tag) => tag.key === key))];
}

function pairsOf(columns: PairColumns | null): readonly Pair[] {
  const [keys, values] = columns ?? [];
  return (keys ?? []).map((key, at) => ({ key, value: values?.[at] ?? '' }));
}

function metricsOf({ metrics }: RunRow): readonly object[] {
  const [keys, values, timestamps, steps] = metrics ?? [];
  return (keys ?? []).map((key, at) => ({
    key,
    value: values?.[at],
    timestamp: timestamps?.[at],
    step: steps?.[at],
  }));
}
