import { artifactRootOf } from '../artifact-uri.js';
import { millisOf } from './run-json.js';

/** An experiment with all that MLflow shows of it. */
export interface ExperimentRow {
  readonly number: string;
  readonly name: string;
  readonly artifact_location: string | null;
  readonly lifecycle: 'active' | 'deleted';
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Columns of an {@link ExperimentRow}, of `experiments e`. */
export const EXPERIMENT_COLUMNS = `e.number, e.name, e.artifact_location, e.lifecycle, ${millisOf('e.created_at')} AS created,
  ${millisOf('e.updated_at')} AS updated, e.tags`;

/** An experiment as MLflow's clients read it. */
export function showExperiment(row: ExperimentRow): object {
  return {
    experiment_id: row.number,
    name: row.name,
    artifact_location: artifactRootOf({ number: row.number, artifactLocation: row.artifact_location }),
    lifecycle_stage: row.lifecycle,
    creation_time: row.created,
    last_update_time: row.updated,
    tags: Object.entries(row.tags).map(([key, value]) => ({ key, value })),
  };
}
