import type { RunState } from '@gimbal/db';
import { artifactUriOf } from '../artifact-uri.js';
import { mlflowRunId } from '../ids.js';
import { WrittenJson, writeList, writeObject } from '../written-json.js';

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

/** A run with all that a search or a read shows of it; its parts are lists in JSON, written by PostgreSQL, or null for none. */
export interface RunRow extends RunInfoRow {
  readonly parent_run_id: string | null;
  readonly metrics: string | null;
  readonly params: string | null;
  /** But for those that are columns: the name, and the parent when there is one. */
  readonly tags: string | null;
  readonly datasets: string | null;
  readonly model_inputs: string | null;
  readonly model_outputs: string | null;
}

export const RUN_NAME_TAG = 'mlflow.runName';
export const PARENT_RUN_TAG = 'mlflow.parentRunId';

/** A number of 64 bits as MLflow sends it: as text where JSON's readers would round it. PostgreSQL makes "NaN" of NaN by itself. */
const int64Json = (column: string): string =>
  `CASE WHEN ${column} BETWEEN -9007199254740991 AND 9007199254740991 THEN to_json(${column}) ELSE to_json(${column}::text) END`;

/** Milliseconds since 1970 of a time; `extract` would count with numbers of any length. */
export const millisOf = (column: string): string => `round(date_part('epoch', ${column}) * 1000)`;

/** The members of a metric's point as JSON, of a row of `run_metrics` or `run_latest_metrics` under the alias `m`. */
export const METRIC_JSON_MEMBERS = `'key', m.key, 'value', m.value, 'timestamp', ${millisOf('m."timestamp"')}, 'step', ${int64Json('m.step')}`;

/** Columns of a {@link RunInfoRow}, for the same statement as {@link RUN_COLUMNS}. */
export const RUN_INFO_COLUMNS = `r.id, r.name, e.number AS experiment, r.user_name, r.state, ${millisOf('r.started_at')} AS started,
  ${millisOf('r.ended_at')} AS ended, r.lifecycle, e.artifact_location`;

/** A list of JSON objects, one for each row. */
const listOf = (rows: string): string => `(SELECT json_agg(part)::text FROM (${rows}) part)`;

/** Columns of a {@link RunRow}, for a statement `FROM runs r JOIN experiments e ON e.id = r.experiment_id`. */
export const RUN_COLUMNS = `${RUN_INFO_COLUMNS}, r.parent_run_id,
  ${listOf(`SELECT key, value, ${millisOf('"timestamp"')}::bigint AS "timestamp", ${int64Json('step')} AS step
    FROM run_latest_metrics WHERE run_id = r.id ORDER BY key`)} AS metrics,
  ${listOf(`SELECT key, value FROM run_params WHERE run_id = r.id ORDER BY key`)} AS params,
  ${listOf(`SELECT key, value FROM run_tags WHERE run_id = r.id AND key <> '${RUN_NAME_TAG}'
    AND (r.parent_run_id IS NULL OR key <> '${PARENT_RUN_TAG}') ORDER BY key`)} AS tags,
  ${listOf(`SELECT (SELECT json_agg(tag) FROM (SELECT key, value FROM jsonb_each_text(i.tags)) tag) AS tags,
      json_build_object('name', d.name, 'digest', d.digest, 'source_type', d.source_type, 'source', d.source,
        'schema', d.schema, 'profile', d.profile) AS dataset
    FROM run_inputs i JOIN used_datasets d ON d.id = i.dataset_id WHERE i.run_id = r.id ORDER BY i.created_at, d.name`)} AS datasets,
  ${listOf(`SELECT model_id FROM run_models WHERE run_id = r.id AND role = 'input' ORDER BY model_id`)} AS model_inputs,
  ${listOf(`SELECT model_id, ${int64Json('step')} AS step
    FROM run_models WHERE run_id = r.id AND role = 'output' ORDER BY model_id`)} AS model_outputs`;

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
export function showRun(row: RunRow): WrittenJson {
  return writeObject({
    info: showRunInfo(row),
    data: writeObject({ metrics: partsOf(row.metrics), params: partsOf(row.params), tags: tagsOf(row) }),
    inputs: writeObject({ dataset_inputs: partsOf(row.datasets), model_inputs: partsOf(row.model_inputs) }),
    outputs: writeObject({ model_outputs: partsOf(row.model_outputs) }),
  });
}

const partsOf = (list: string | null): WrittenJson => new WrittenJson(list ?? '[]');

/** The tags of a run, with those in which MLflow's clients look for its name and its parent: they are columns here. */
function tagsOf({ name, parent_run_id, tags }: RunRow): WrittenJson {
  const derived = [{ key: RUN_NAME_TAG, value: name }];
  if (parent_run_id !== null) derived.push({ key: PARENT_RUN_TAG, value: mlflowRunId(parent_run_id) });
  const others = (tags ?? '[]').slice(1, -1);
  return writeList([...derived, ...(others === '' ? [] : [new WrittenJson(others)])]);
}
