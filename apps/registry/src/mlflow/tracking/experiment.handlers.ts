import type { Actor, MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { experimentNotThere, readExperimentNumber } from '../ids.js';
import { invalidParameter, MlflowError, notThere } from '../mlflow-error.js';
import { checkExperimentActive } from './check-active.js';
import { checkArtifactLocation, checkExperimentName, checkExperimentTag } from './check-names.js';
import { showExperiment } from './experiment-json.js';
import { ExperimentRows } from './experiment-rows.repository.js';

type ExperimentRoutes =
  | 'createExperiment'
  | 'getExperiment'
  | 'getExperimentByName'
  | 'updateExperiment'
  | 'deleteExperiment'
  | 'restoreExperiment'
  | 'setExperimentTag'
  | 'deleteExperimentTag'
  | 'searchDatasets';

const DATASET_EXPERIMENTS_MAX = 20;

/** Experiments as MLflow's clients make, read, rename, tag, delete and restore them. */
@Injectable()
export class ExperimentHandlers {
  readonly handlers: MlflowHandlers<ExperimentRoutes> = {
    createExperiment: (request, actor) => this.create(request, actor),
    getExperiment: async ({ experiment_id }) => {
      const number = readExperimentNumber(experiment_id);
      const row = await this.rows.find(number);
      if (!row) throw experimentNotThere(number);
      return { experiment: showExperiment(row) };
    },
    getExperimentByName: async ({ experiment_name }) => {
      const row = await this.rows.findByName(experiment_name);
      if (!row) throw notThere(`Could not find experiment with name '${experiment_name}'`);
      return { experiment: showExperiment(row) };
    },
    updateExperiment: (request) => this.rename(request),
    deleteExperiment: async ({ experiment_id }) => await this.move(experiment_id, 'active', 'deleted'),
    restoreExperiment: async ({ experiment_id }) => await this.move(experiment_id, 'deleted', 'active'),
    setExperimentTag: async ({ experiment_id, key, value }) => {
      const tag = checkExperimentTag(key, value);
      const number = readExperimentNumber(experiment_id);
      checkExperimentActive(number, await this.rows.setTag(number, tag.key, tag.value));
      return {};
    },
    deleteExperimentTag: async ({ experiment_id, key }) => {
      const number = readExperimentNumber(experiment_id);
      const present = await this.rows.deleteTag(number, key);
      checkExperimentActive(number, present);
      if (!present.had) throw notThere(`No tag with name: ${key} in experiment with id ${number}`);
      return {};
    },
    searchDatasets: (request) => this.searchDatasets(request),
  };

  constructor(private readonly rows: ExperimentRows) {}

  private async create(
    { name, artifact_location, tags }: MlflowRequest<'createExperiment'>,
    actor: Actor,
  ): Promise<object> {
    checkExperimentName(name);
    if (artifact_location) checkArtifactLocation(artifact_location);
    const checked = tags.map((tag) => checkExperimentTag(tag.key, tag.value));
    const number = await this.rows.create({
      name,
      artifactLocation: artifact_location || null,
      tags: Object.fromEntries(checked.map(({ key, value }) => [key, value])),
      createdBy: actor.name,
    });
    if (number === undefined) throw nameTaken(name);
    return { experiment_id: number };
  }

  private async rename({ experiment_id, new_name }: MlflowRequest<'updateExperiment'>): Promise<object> {
    checkExperimentName(new_name);
    const number = readExperimentNumber(experiment_id);
    const outcome = await this.rows.rename(number, new_name);
    if (outcome === 'missing') throw experimentNotThere(number);
    if (outcome === 'deleted') throw new MlflowError('INVALID_STATE', 'Cannot rename a non-active experiment.');
    if (outcome === 'taken') throw nameTaken(new_name);
    return {};
  }

  private async move(id: string, from: 'active' | 'deleted', to: 'active' | 'deleted'): Promise<object> {
    const number = readExperimentNumber(id);
    if (!(await this.rows.setLifecycle(number, from, to))) throw experimentNotThere(number);
    return {};
  }

  private async searchDatasets({ experiment_ids: ids }: MlflowRequest<'searchDatasets'>): Promise<object> {
    if (ids.length === 0) throw invalidParameter('SearchDatasets request must specify at least one experiment_id.');
    if (ids.length > DATASET_EXPERIMENTS_MAX)
      throw invalidParameter(
        `SearchDatasets request cannot specify more than ${DATASET_EXPERIMENTS_MAX} experiment_ids. Received ${ids.length} experiment_ids.`,
      );
    const rows = await this.rows.datasets(ids.map(readExperimentNumber));
    return {
      dataset_summaries: rows.map(({ context, ...row }) => ({ ...row, ...(context !== null && { context }) })),
    };
  }
}

const nameTaken = (name: string) =>
  new MlflowError('RESOURCE_ALREADY_EXISTS', `Experiment(name=${name}) already exists.`);
