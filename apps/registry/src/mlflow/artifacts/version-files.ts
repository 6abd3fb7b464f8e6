import { Injectable } from '@nestjs/common';
import type { ArtifactPlace } from '../../artifacts/artifact-files.service.js';
import { Database } from '../../database/database.js';
import { notThere } from '../mlflow-error.js';
import { findDownloadUri } from '../models/download-uri.js';
import type { VersionName } from '../models/model-reads.js';
import { readPlace } from './read-place.js';

/** The files of registered versions, which are those of the run or of the logged model that they were registered from. */
@Injectable()
export class VersionFiles {
  constructor(private readonly database: Database) {}

  /** Where a file of a version is. @throws MlflowError when there is no such version, or its files are elsewhere */
  async find(named: VersionName, path: string): Promise<ArtifactPlace> {
    const uri = await findDownloadUri(this.database.reader, named);
    const [, folder] = /^mlflow-artifacts:\/(.*)$/.exec(uri) ?? [];
    if (folder === undefined)
      throw notThere(`The files of model version ${named.name}/${named.version} are not kept here.`);
    return readPlace(`${folder}/${path}`);
  }
}
