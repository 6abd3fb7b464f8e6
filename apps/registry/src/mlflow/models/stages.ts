import type { Stage } from '@gimbal/contracts';
import { invalidParameter } from '../mlflow-error.js';

/** Our stages in MLflow's words, in MLflow's order. */
export const MLFLOW_STAGES = {
  training: 'None',
  staging: 'Staging',
  production: 'Production',
  archived: 'Archived',
} as const satisfies Record<Stage, string>;

const STAGES: ReadonlyMap<string, Stage> = new Map(
  Object.entries(MLFLOW_STAGES).map(([stage, name]) => [name.toLowerCase(), stage as Stage]), // the table's own keys
);

/** @throws MlflowError in MLflow's words */
export function readStage(name: string): Stage {
  const stage = STAGES.get(name.toLowerCase());
  if (stage) return stage;
  const all = Object.values(MLFLOW_STAGES).join(', ');
  throw invalidParameter(`Invalid Model Version stage: ${name.slice(0, 100)}. Value must be one of ${all}.`);
}
