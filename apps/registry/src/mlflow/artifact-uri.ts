import type { ArtifactOwner, OwnersExperiment } from '../artifacts/artifact-owner.js';
import { mlflowRunId } from './ids.js';

/** Where the files of a run or of a logged model are, as MLflow's clients are told. */
export function artifactUriOf({ number, artifactLocation }: OwnersExperiment, { kind, id }: ArtifactOwner): string {
  const root = artifactLocation?.replace(/\/$/, '') ?? `mlflow-artifacts:/${number}`;
  return kind === 'run' ? `${root}/${mlflowRunId(id)}/artifacts` : `${root}/models/${id}/artifacts`;
}
