import { Injectable } from '@nestjs/common';
import type { ArtifactPlace } from '../../artifacts/artifact-files.service.js';
import { Database } from '../../database/database.js';
import { readRunId } from '../ids.js';
import { notThere } from '../mlflow-error.js';
import { readFolder, readPlace } from './read-place.js';

/** Which version of which registered model. */
interface VersionName {
  readonly name: string;
  readonly version: string;
}

/** The files of registered versions, which are those of the run or of the logged model that they were registered from. */
@Injectable()
export class VersionFiles {
  constructor(private readonly database: Database) {}

  /** Where a file of a version is. @throws MlflowError `RESOURCE_DOES_NOT_EXIST` when there is no such version, or its files are elsewhere */
  async find({ name, version }: VersionName, path: string): Promise<ArtifactPlace> {
    const number = /^\d{1,9}$/.test(version) ? Number(version) : 0;
    const row = await this.database.reader.modelVersion.findUnique({
      where: { modelName_version: { modelName: name, version: number } },
      select: { source: true, loggedModelId: true },
    });
    if (!row) throw notThere(`Model Version (name=${name}, version=${version}) not found`);
    const root = row.loggedModelId === null ? rootOf(row.source ?? '') : ofModel(row.loggedModelId);
    if (!root) throw notThere(`The files of model version ${name}/${version} are not kept here.`);
    return { ...root, path: root.path === '' ? path : `${root.path}/${path}` };
  }
}

const ofModel = (id: string): ArtifactPlace => ({ owner: { kind: 'logged-model', id }, path: '' });

/** What a version's source names, when that is here. */
function rootOf(source: string): ArtifactPlace | undefined {
  const [, scheme, rest = ''] = /^(runs|models|mlflow-artifacts):\/+(.*)$/.exec(source) ?? [];
  if (scheme === 'mlflow-artifacts') return readPlace(rest.replace(/\/$/, ''));
  if (scheme === 'models') return /^m-[0-9a-f]{32}$/.test(rest) ? ofModel(rest) : undefined;
  if (scheme !== 'runs') return undefined;
  const [run = '', ...names] = rest.split('/');
  return { owner: { kind: 'run', id: readRunId({ run_id: run }) }, path: readFolder(names.join('/')) };
}
