import type { DatabaseReader } from '@gimbal/db';
import type { ArtifactOwner } from '../artifacts/artifact-owner.js';
import { MlflowError } from '../mlflow/mlflow-error.js';
import { findDownloadUri } from '../mlflow/models/download-uri.js';
import { readSource } from '../mlflow/models/version-source.js';

/** A folder of a run, or of a logged model. */
export interface VersionPlace {
  readonly owner: ArtifactOwner;
  readonly folder: string;
}

/** A version by its number, and where the client that registered it said its files are. */
interface SourcedVersion {
  readonly modelName: string;
  readonly version: number;
  readonly source: string | null;
}

/** Where the files of a version are, also of one that was made of another; undefined when they are not kept here. */
export async function findVersionPlace(
  db: DatabaseReader,
  { modelName, version, source: said }: SourcedVersion,
): Promise<VersionPlace | undefined> {
  if (said === null) return undefined;
  try {
    const named = readSource(said);
    const source =
      named.kind === 'version'
        ? readSource(await findDownloadUri(db, { name: modelName, version: String(version) }))
        : named;
    return source.kind === 'files' ? source : undefined;
  } catch (error) {
    if (error instanceof MlflowError) return undefined; // what it was made of is gone
    throw error;
  }
}
