import type { Actor, MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { isTaken } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RegistrationNews } from '../../registration/registration-news.js';
import { addPlan } from '../../traffic/traffic-plan.repository.js';
import { TrafficWatch } from '../../traffic/traffic-watch.js';
import { MlflowError } from '../mlflow-error.js';
import { checkDescription, checkModelName, checkTagKey, checkTagValue, readTags } from './check-names.js';
import { findLatestVersions, findModel } from './model-reads.js';
import { RemoveModelsService } from './remove-models.service.js';
import { SHOWN_MODEL, showModel, showVersion } from './show-models.js';
import { MLFLOW_STAGES, readStage } from './stages.js';
import { removeModelTag, setModelTag } from './tags.repository.js';

type Routes =
  | 'createRegisteredModel'
  | 'getRegisteredModel'
  | 'updateRegisteredModel'
  | 'renameRegisteredModel'
  | 'deleteRegisteredModel'
  | 'getLatestVersions'
  | 'setRegisteredModelTag'
  | 'deleteRegisteredModelTag';

/** MLflow's registered models: the models of this registry, under every name that MLflow allows. */
@Injectable()
export class RegisteredModelHandlers {
  readonly handlers: MlflowHandlers<Routes>;

  constructor(
    private readonly database: Database,
    private readonly removals: RemoveModelsService,
    private readonly news: RegistrationNews,
    private readonly watch: TrafficWatch,
  ) {
    this.handlers = {
      createRegisteredModel: (request, actor) => this.create(request, actor),
      getRegisteredModel: ({ name }) => this.show(name),
      updateRegisteredModel: (request) => this.update(request),
      renameRegisteredModel: async ({ name, new_name }, actor) => {
        await this.removals.rename(name, new_name, actor);
        return await this.show(new_name);
      },
      deleteRegisteredModel: async ({ name }, actor) => {
        await this.removals.deleteModel(name, actor);
        return {};
      },
      getLatestVersions: (request) => this.listLatest(request),
      setRegisteredModelTag: async ({ name, key, value = '' }) => {
        await setModelTag(this.database.reader, checkModelName(name), { [checkTagKey(key)]: checkTagValue(value) });
        return {};
      },
      deleteRegisteredModelTag: async ({ name, key }) => {
        await removeModelTag(this.database.reader, checkModelName(name), checkTagKey(key));
        return {};
      },
    };
  }

  private async create(request: MlflowRequest<'createRegisteredModel'>, { name: actor }: Actor): Promise<object> {
    const name = checkModelName(request.name);
    const notes = { tags: readTags(request.tags), description: checkDescription(request.description ?? '') };
    try {
      const row = await this.database.change(async (tx) => {
        const at = new Date();
        const data = { name, ...notes, createdBy: actor, createdAt: at, updatedAt: at };
        const added = await tx.model.create({ data, select: { ...SHOWN_MODEL, aliases: false } });
        await addPlan(tx, { model: name, plan: { live: null }, actor, reason: 'The model is new.', at });
        await this.news.tellModel(tx, name, notes);
        return { ...added, aliases: [] };
      });
      this.watch.changed();
      return { registered_model: showModel(row, []) };
    } catch (error) {
      if (isTaken(error))
        throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`);
      throw error;
    }
  }

  private async show(name: string): Promise<object> {
    const db = this.database.reader;
    const model = await findModel(db, name);
    const latest = await findLatestVersions(db, [name]);
    return { registered_model: showModel(model, latest.get(name) ?? []) };
  }

  private async update({ name, description = '' }: MlflowRequest<'updateRegisteredModel'>): Promise<object> {
    await findModel(this.database.reader, name);
    await this.database.reader.model.update({ where: { name }, data: { description: checkDescription(description) } });
    return await this.show(name);
  }

  private async listLatest({ name, stages }: MlflowRequest<'getLatestVersions'>): Promise<object> {
    const wanted = stages.length === 0 ? Object.keys(MLFLOW_STAGES) : stages.map(readStage);
    await findModel(this.database.reader, name);
    const latest = await findLatestVersions(this.database.reader, [name]);
    const shown = (latest.get(name) ?? []).filter(({ stage }) => wanted.includes(stage));
    return { model_versions: shown.map(showVersion) };
  }
}
