import type { Connection } from './connection.js';
import { ModelVersion, type OrderedSearch, type Page, type Stage } from './entities.js';
import { isMissing } from './mlflow-error.js';
import { pageOf, writeSearch } from './page.js';
import { object, text, toKeyValues } from './shape.js';

const ROOT = '/api/2.0/mlflow/model-versions';
const Answer = object({ modelVersion: ModelVersion });
const DownloadUri = object({ artifactUri: text });
const Nothing = object({});
const Found = pageOf('model_versions', ModelVersion);

export interface NewModelVersion {
  readonly name: string;
  /** Where its files are; within the run's or the logged model's folder when it is an `mlflow-artifacts:` address. */
  readonly source: string;
  readonly runId?: string;
  /** Of the logged model it was made from; servers before 3.0 ignore it. */
  readonly modelId?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What was registered under a name, counted by the server from 1. */
export class ModelVersions {
  constructor(private readonly connection: Connection) {}

  async create({ name, source, runId, modelId, description = '', tags = {} }: NewModelVersion): Promise<ModelVersion> {
    const json = {
      ...{ name, source, description, tags: toKeyValues(tags) },
      ...(runId !== undefined && { run_id: runId }),
      ...(modelId !== undefined && { model_id: modelId }),
    };
    const call = { method: 'POST', path: `${ROOT}/create`, json, repeat: 'never' } as const;
    return (await this.connection.json(call, Answer)).modelVersion;
  }

  /** Undefined when there is none. */
  async find(name: string, version: number): Promise<ModelVersion | undefined> {
    try {
      const call = { method: 'GET', path: `${ROOT}/get`, query: { name, version } } as const;
      return (await this.connection.json(call, Answer)).modelVersion;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async search(search: OrderedSearch = {}): Promise<Page<ModelVersion>> {
    return await this.connection.json({ method: 'GET', path: `${ROOT}/search`, query: writeSearch(search) }, Found);
  }

  async describe(name: string, version: number, description: string): Promise<void> {
    const json = { name, version: String(version), description };
    await this.connection.json({ method: 'PATCH', path: `${ROOT}/update`, json }, Answer);
  }

  /** Other versions keep their stages. */
  async moveToStage(name: string, version: number, stage: Stage): Promise<void> {
    const json = { name, version: String(version), stage, archive_existing_versions: false };
    await this.connection.json({ method: 'POST', path: `${ROOT}/transition-stage`, json }, Answer);
  }

  /** Its number is not given again. */
  async delete(name: string, version: number): Promise<void> {
    const json = { name, version: String(version) };
    await this.connection.json({ method: 'DELETE', path: `${ROOT}/delete`, json }, Nothing);
  }

  async setTag(name: string, version: number, tag: { readonly key: string; readonly value: string }): Promise<void> {
    const json = { name, version: String(version), ...tag };
    await this.connection.json({ method: 'POST', path: `${ROOT}/set-tag`, json }, Nothing);
  }

  async deleteTag(name: string, version: number, key: string): Promise<void> {
    const json = { name, version: String(version), key };
    await this.connection.json({ method: 'DELETE', path: `${ROOT}/delete-tag`, json }, Nothing);
  }

  /** Where its files can be read. */
  async downloadUri(name: string, version: number): Promise<string> {
    const call = { method: 'GET', path: `${ROOT}/get-download-uri`, query: { name, version } } as const;
    return (await this.connection.json(call, DownloadUri)).artifactUri;
  }
}
