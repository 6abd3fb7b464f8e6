import type { LoggedModelState } from '@gimbal/db';
import { artifactUriOf } from '../artifact-uri.js';
import { mlflowRunId } from '../ids.js';
import { METRIC_JSON_MEMBERS, millisOf } from './run-json.js';

/** A model as a run logged it, with all that MLflow shows of it. */
export interface LoggedModelRow {
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly artifact_location: string | null;
  readonly model_type: string;
  readonly source_run_id: string | null;
  readonly state: LoggedModelState;
  readonly state_message: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly object[] | null;
}

/** Columns of a {@link LoggedModelRow}, for a statement `FROM logged_models l JOIN experiments e ON e.id = l.experiment_id`. */
export const LOGGED_MODEL_COLUMNS = `l.id, l.name, e.number AS experiment, e.artifact_location, l.model_type, l.source_run_id, l.state, l.state_message,
  ${millisOf('l.created_at')} AS created, ${millisOf('l.updated_at')} AS updated, l.params, l.tags,
  (SELECT json_agg(json_strip_nulls(json_build_object(${METRIC_JSON_MEMBERS}, 'model_id', m.model_id, 'run_id', replace(m.run_id::text, '-', ''),
     'dataset_name', m.dataset_name, 'dataset_digest', m.dataset_digest)) ORDER BY m.id)
   FROM logged_model_metrics m WHERE m.model_id = l.id) AS metrics`;

const STATUSES: Readonly<Record<LoggedModelState, string>> = {
  pending: 'LOGGED_MODEL_PENDING',
  ready: 'LOGGED_MODEL_READY',
  failed: 'LOGGED_MODEL_UPLOAD_FAILED',
};

/** The state that a status of MLflow's means. */
export const stateOfStatus = (status: string): LoggedModelState | undefined =>
  Object.keys(STATUSES).find((state): state is LoggedModelState => STATUSES[state as LoggedModelState] === status); // its own keys

const pairsOf = (members: Readonly<Record<string, string>>) =>
  Object.entries(members).map(([key, value]) => ({ key, value }));

/** A logged model as MLflow's clients read it. */
export function showLoggedModel(row: LoggedModelRow): object {
  const experiment = { number: row.experiment, artifactLocation: row.artifact_location };
  return {
    info: {
      model_id: row.id,
      experiment_id: row.experiment,
      name: row.name,
      creation_timestamp_ms: row.created,
      last_updated_timestamp_ms: row.updated,
      artifact_uri: artifactUriOf(experiment, { kind: 'logged-model', id: row.id }),
      status: STATUSES[row.state],
      status_message: row.state_message,
      model_type: row.model_type,
      ...(row.source_run_id !== null && { source_run_id: mlflowRunId(row.source_run_id) }),
      tags: pairsOf(row.tags),
    },
    data: { params: pairsOf(row.params), metrics: row.metrics ?? [] },
  };
}
