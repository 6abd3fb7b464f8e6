import type { Connection } from './connection.js';
import { Experiment, type OrderedSearch, type Page, type ViewType } from './entities.js';
import { isMissing } from './mlflow-error.js';
import { pageOf, writeSearch } from './page.js';
import { object, text, toKeyValues } from './shape.js';

const ROOT = '/api/2.0/mlflow/experiments';
const Answer = object({ experiment: Experiment });
const Created = object({ experimentId: text });
const Nothing = object({});
const Found = pageOf('experiments', Experiment);

/** What runs are grouped by. */
export class Experiments {
  constructor(private readonly connection: Connection) {}

  /** @returns its id. @throws MlflowError `RESOURCE_ALREADY_EXISTS`, also when a deleted one has the name */
  async create(experiment: {
    readonly name: string;
    readonly artifactLocation?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<string> {
    const { name, artifactLocation, tags = {} } = experiment;
    const json = {
      name,
      tags: toKeyValues(tags),
      ...(artifactLocation !== undefined && { artifact_location: artifactLocation }),
    };
    const call = { method: 'POST', path: `${ROOT}/create`, json, repeat: 'never' } as const;
    return (await this.connection.json(call, Created)).experimentId;
  }

  /** Undefined when there is none with this id. */
  async find(experimentId: string): Promise<Experiment | undefined> {
    return await this.ask('get', { experiment_id: experimentId });
  }

  /** Undefined when there is none with this name. A deleted one is found, too: it keeps its name. */
  async findByName(name: string): Promise<Experiment | undefined> {
    return await this.ask('get-by-name', { experiment_name: name });
  }

  async search(search: OrderedSearch & { readonly viewType?: ViewType } = {}): Promise<Page<Experiment>> {
    const json = { max_results: 1_000, ...writeSearch(search), ...(search.viewType && { view_type: search.viewType }) };
    return await this.connection.json({ method: 'POST', path: `${ROOT}/search`, json }, Found);
  }

  async rename(experimentId: string, newName: string): Promise<void> {
    await this.tell('update', { experiment_id: experimentId, new_name: newName });
  }

  async delete(experimentId: string): Promise<void> {
    await this.tell('delete', { experiment_id: experimentId });
  }

  async restore(experimentId: string): Promise<void> {
    await this.tell('restore', { experiment_id: experimentId });
  }

  async setTag(experimentId: string, key: string, value: string): Promise<void> {
    await this.tell('set-experiment-tag', { experiment_id: experimentId, key, value });
  }

  /** Known to servers from 3.0 on. */
  async deleteTag(experimentId: string, key: string): Promise<void> {
    await this.tell('delete-experiment-tag', { experiment_id: experimentId, key });
  }

  private async ask(action: string, query: Readonly<Record<string, string>>): Promise<Experiment | undefined> {
    try {
      return (await this.connection.json({ method: 'GET', path: `${ROOT}/${action}`, query }, Answer)).experiment;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private async tell(action: string, json: object): Promise<void> {
    await this.connection.json({ method: 'POST', path: `${ROOT}/${action}`, json }, Nothing);
  }
}
