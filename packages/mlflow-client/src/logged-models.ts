import type { Connection } from './connection.js';
import { LoggedModel, type Page, type Search } from './entities.js';
import { isMissing } from './mlflow-error.js';
import { pageOf, writeSearch } from './page.js';
import { object, toKeyValues } from './shape.js';

const ROOT = '/api/2.0/mlflow/logged-models';
const Answer = object({ model: LoggedModel });
const Nothing = object({});
const Found = pageOf('models', LoggedModel);

export interface NewLoggedModel {
  readonly experimentId: string;
  readonly name: string;
  readonly modelType?: string;
  readonly sourceRunId?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Models as runs logged them, before they have a name in the registry. Servers before 3.0 know none of this: see `isUnknownRoute`. */
export class LoggedModels {
  constructor(private readonly connection: Connection) {}

  async create({
    experimentId,
    name,
    modelType,
    sourceRunId,
    params = {},
    tags = {},
  }: NewLoggedModel): Promise<LoggedModel> {
    const json = {
      ...{ experiment_id: experimentId, name, params: toKeyValues(params), tags: toKeyValues(tags) },
      ...(modelType !== undefined && { model_type: modelType }),
      ...(sourceRunId !== undefined && { source_run_id: sourceRunId }),
    };
    return (await this.connection.json({ method: 'POST', path: ROOT, json, repeat: 'never' }, Answer)).model;
  }

  /** Undefined when there is none with this id. */
  async find(modelId: string): Promise<LoggedModel | undefined> {
    try {
      return (await this.connection.json({ method: 'GET', path: pathOf(modelId) }, Answer)).model;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** At most 50 a page. */
  async search(search: Search & { readonly experimentIds: readonly string[] }): Promise<Page<LoggedModel>> {
    const json = { ...writeSearch(search), experiment_ids: search.experimentIds };
    return await this.connection.json({ method: 'POST', path: `${ROOT}/search`, json }, Found);
  }

  /** Says that its files are complete, or that they never will be. */
  async finalize(modelId: string, status: 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED'): Promise<void> {
    await this.connection.json({ method: 'PATCH', path: pathOf(modelId), json: { model_id: modelId, status } }, Answer);
  }

  async setTags(modelId: string, tags: Readonly<Record<string, string>>): Promise<void> {
    const json = { tags: toKeyValues(tags) };
    await this.connection.json({ method: 'PATCH', path: `${pathOf(modelId)}/tags`, json }, Nothing);
  }

  async deleteTag(modelId: string, key: string): Promise<void> {
    const path = `${pathOf(modelId)}/tags/${encodeURIComponent(key)}`;
    await this.connection.json({ method: 'DELETE', path }, Nothing);
  }

  async delete(modelId: string): Promise<void> {
    await this.connection.json({ method: 'DELETE', path: pathOf(modelId) }, Nothing);
  }
}

const pathOf = (modelId: string): string => `${ROOT}/${encodeURIComponent(modelId)}`;
