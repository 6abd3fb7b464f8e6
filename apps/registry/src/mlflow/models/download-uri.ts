import type { DatabaseReader } from '@gimbal/db';
import { requireOwner } from '../../artifacts/artifact-owner.js';
import { artifactUriOf } from '../artifact-uri.js';
import { notThere } from '../mlflow-error.js';
import { findVersion, type VersionName } from './model-reads.js';
import { readSource } from './version-source.js';

/** Versions of versions of versions: nobody copies that often. */
const COPIES_MAX = 20;

/**
 * Where MLflow's clients download the files of a version: of runs and logged models by the artifact proxy, of others where its source says.
 * @throws MlflowError when there is no such version, or its files were never kept in a way that MLflow knows
 */
export async function findDownloadUri(db: DatabaseReader, named: VersionName): Promise<string> {
  let row = await findVersion(db, named);
  for (let copies = 0; copies < COPIES_MAX; copies++) {
    if (row.source === null)
      throw notThere(
        `The files of model version ${named.name}/${named.version} were not kept for MLflow's clients. Register it again.`,
      );
    const source = readSource(row.source);
    if (source.kind === 'elsewhere') return row.source;
    if (source.kind === 'files') {
      const root = artifactUriOf(await requireOwner(db, source.owner), source.owner);
      return source.folder === '' ? root : `${root}/${source.folder}`;
    }
    if (!('version' in source.by)) break;
    row = await findVersion(db, { name: source.name, version: source.by.version });
  }
  throw notThere(`The files of model version ${named.name}/${named.version} cannot be found by its source.`);
}
