import type { Connection } from './connection.js';
import { ModelVersion, type OrderedSearch, type Page, RegisteredModel } from './entities.js';
import { isMissing } from './mlflow-error.js';
import { pageOf, writeSearch } from './page.js';
import { object, toKeyValues } from './shape.js';

const ROOT = '/api/2.0/mlflow/registered-models';
const Answer = object({ registeredModel: RegisteredModel });
const VersionAnswer = object({ modelVersion: ModelVersion });
const Nothing = object({});
const Found = pageOf('registered_models', RegisteredModel);

/** Names under which versions are counted. */
export class RegisteredModels {
  constructor(private readonly connection: Connection) {}

  /** @throws MlflowError `RESOURCE_ALREADY_EXISTS` */
  async create(model: {
    readonly name: string;
    readonly description?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<RegisteredModel> {
    const { name, description = '', tags = {} } = model;
    const json = { name, description, tags: toKeyValues(tags) };
    const call = { method: 'POST', path: `${ROOT}/create`, json, repeat: 'never' } as const;
    return (await this.connection.json(call, Answer)).registeredModel;
  }

  /** Undefined when there is none with this name. */
  async find(name: string): Promise<RegisteredModel | undefined> {
    try {
      const call = { method: 'GET', path: `${ROOT}/get`, query: { name } } as const;
      return (await this.connection.json(call, Answer)).registeredModel;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async search(search: OrderedSearch = {}): Promise<Page<RegisteredModel>> {
    return await this.connection.json({ method: 'GET', path: `${ROOT}/search`, query: writeSearch(search) }, Found);
  }

  async describe(name: string, description: string): Promise<void> {
    await this.connection.json({ method: 'PATCH', path: `${ROOT}/update`, json: { name, description } }, Answer);
  }

  async rename(name: string, newName: string): Promise<void> {
    const json = { name, new_name: newName };
    await this.connection.json({ method: 'POST', path: `${ROOT}/rename`, json, repeat: 'never' }, Answer);
  }

  /** With all its versions. */
  async delete(name: string): Promise<void> {
    await this.connection.json({ method: 'DELETE', path: `${ROOT}/delete`, json: { name } }, Nothing);
  }

  async setTag(name: string, key: string, value: string): Promise<void> {
    await this.connection.json({ method: 'POST', path: `${ROOT}/set-tag`, json: { name, key, value } }, Nothing);
  }

  async deleteTag(name: string, key: string): Promise<void> {
    await this.connection.json({ method: 'DELETE', path: `${ROOT}/delete-tag`, json: { name, key } }, Nothing);
  }

  async setAlias(name: string, alias: string, version: number): Promise<void> {
    const json = { name, alias, version: String(version) };
    await this.connection.json({ method: 'POST', path: `${ROOT}/alias`, json }, Nothing);
  }

  async deleteAlias(name: string, alias: string): Promise<void> {
    await this.connection.json({ method: 'DELETE', path: `${ROOT}/alias`, json: { name, alias } }, Nothing);
  }

  /** The version that an alias points at. @throws MlflowError when it points at none */
  async versionByAlias(name: string, alias: string): Promise<ModelVersion> {
    const call = { method: 'GET', path: `${ROOT}/alias`, query: { name, alias } } as const;
    return (await this.connection.json(call, VersionAnswer)).modelVersion;
  }
}
