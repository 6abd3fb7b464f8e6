import type { ArtifactOwner } from '../artifacts/artifact-owner.js';
import { mlflowRunId } from './ids.js';

/** An experiment by its number, and where its files are when not in the artifact store. */
interface Located {
  readonly number: bigint | string;
  readonly artifactLocation: string | null;
}

/** Where the files of an experiment's runs and models are, as MLflow's clients are told. */
export const artifactRootOf = ({ number, artifactLocation }: Located): string =>
  artifactLocation?.replace(/\/$/, '') ?? `mlflow-artifacts:/${number}`;

/** Where the files of a run or of a logged model are. */
export function artifactUriOf(experiment: Located, { kind, id }: ArtifactOwner): string {
  const root = artifactRootOf(experiment);
  return kind === 'run' ? `${root}/${mlflowRunId(id)}/artifacts` : `${root}/models/${id}/artifacts`;
}
