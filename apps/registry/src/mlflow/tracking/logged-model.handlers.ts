import type { Actor, MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { readExperimentNumber, readRunId, runNotThere } from '../ids.js';
import { notThere } from '../mlflow-error.js';
import { checkExperimentActive } from './check-active.js';
import { checkExperimentTag, checkLoggedModelName, checkParam } from './check-names.js';
import { showLoggedModel, stateOfStatus } from './logged-model-json.js';
import { LoggedModelRows } from './logged-model-rows.repository.js';
import { randomName } from './random-name.js';

type LoggedModelRoutes =
  | 'createLoggedModel'
  | 'getLoggedModel'
  | 'finalizeLoggedModel'
  | 'deleteLoggedModel'
  | 'setLoggedModelTags'
  | 'deleteLoggedModelTag'
  | 'logLoggedModelParams';

interface KeyValue {
  readonly key: string;
  readonly value?: string | undefined;
}

/** Models as runs log them: made, filled, finished, before they have a name in the registry. */
@Injectable()
export class LoggedModelHandlers {
  readonly handlers: MlflowHandlers<LoggedModelRoutes> = {
    createLoggedModel: (request, actor) => this.create(request, actor),
    getLoggedModel: async ({ model_id }) => ({
      model: showLoggedModel(found(model_id, await this.rows.find(model_id))),
    }),
    finalizeLoggedModel: async ({ model_id, status }) => {
      const row = await this.rows.finish(model_id, stateOfStatus(status) ?? 'pending');
      return { model: showLoggedModel(found(model_id, row)) };
    },
    deleteLoggedModel: async ({ model_id }) => {
      if (!(await this.rows.delete(model_id))) throw modelNotThere(model_id);
      return {};
    },
    setLoggedModelTags: async ({ model_id, tags }) => {
      if (!(await this.rows.merge(model_id, { params: {}, tags: readTags(tags) }))) throw modelNotThere(model_id);
      return {};
    },
    deleteLoggedModelTag: async ({ model_id, tag_key: key }) => {
      const outcome = await this.rows.deleteTag(model_id, key);
      if (outcome === 'no-model') throw modelNotThere(model_id);
      if (outcome === 'no-tag') throw notThere(`No tag with key '${key}' found for model with ID '${model_id}'.`);
      return {};
    },
    logLoggedModelParams: async ({ model_id, params }) => {
      if (!(await this.rows.merge(model_id, { params: readParams(params), tags: {} }))) throw modelNotThere(model_id);
      return {};
    },
  };

  constructor(private readonly rows: LoggedModelRows) {}

  private async create(request: MlflowRequest<'createLoggedModel'>, actor: Actor): Promise<object> {
    const { experiment_id, name, model_type = '', source_run_id, params, tags } = request;
    if (name) checkLoggedModelName(name);
    const number = readExperimentNumber(experiment_id);
    const sourceRunId = source_run_id ? readRunId({ run_id: source_run_id }) : null;
    const outcome = await this.rows.create(number, {
      name: name || randomName(),
      modelType: model_type,
      sourceRunId,
      params: readParams(params),
      tags: readTags(tags),
      createdBy: actor.name,
    });
    checkExperimentActive(number, outcome);
    if (outcome.row) return { model: showLoggedModel(outcome.row) };
    throw runNotThere(sourceRunId ?? '');
  }
}

const modelNotThere = (id: string) => notThere(`Logged model with ID '${id}' not found.`);

function found<Row>(id: string, row: Row | undefined): Row {
  if (!row) throw modelNotThere(id);
  return row;
}

const readParams = (params: readonly KeyValue[]): Record<string, string> =>
  Object.fromEntries(params.map(({ key, value }) => checkParam(key, value)).map(({ key, value }) => [key, value]));

const readTags = (tags: readonly KeyValue[]): Record<string, string> =>
  Object.fromEntries(
    tags.map(({ key, value }) => checkExperimentTag(key, value)).map(({ key, value }) => [key, value]),
  );
