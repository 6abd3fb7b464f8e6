import type { Model as ModelRow } from '@gimbal/db';
import { MlflowClient, type RegisteredModel } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import {
  Clash,
  type Fields,
  type Ledger,
  type Look,
  NOTHING_TOLD,
  NotYet,
  type Outcome,
  type Task,
} from '../mirrored.js';
import { SyncRepository } from '../queue/sync.repository.js';
import type { Change } from './merge-fields.js';
import { OWN_TAGS, readTags, setFields, tagFields, tagOf, tellFields } from './told-entity.js';

const OWN_TAG = OWN_TAGS.model;
const VERSION_TAG = OWN_TAGS['model-version'];

/** Tells of registered models: name, description, tags. Their id there is their name there. */
@Injectable()
export class ModelTeller {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
  ) {}

  async tell(task: Task, ledger: Ledger): Promise<Outcome> {
    const here = await this.database.reader.model.findUnique({ where: { id: task.entityId } });
    if (!here) return await this.remove(task);
    const ours = fieldsHere(here);
    const found = await this.find(task, here);
    // One that the server has lost is told from the beginning, with all that is its own.
    if (!found && task.mlflowId !== null) await this.sync.forgetVersions(here);
    const there = found ?? (await this.create({ here, ours, ledger }));
    if (there.name !== task.mlflowId) await ledger.noteId(there.name);
    const write = (changes: readonly Change[]) => this.write(there.name, changes, ledger);
    return await tellFields(task, { ours, theirs: fieldsThere(there) }, { ledger, write });
  }

  async look(entityId: string, mlflowId: string | null): Promise<Look | null> {
    const here = await this.database.reader.model.findUnique({ where: { id: entityId } });
    if (!here) return null;
    const there = mlflowId === null ? undefined : await this.mlflow.registeredModels.find(mlflowId);
    return { name: here.name, ours: fieldsHere(here), theirs: there ? fieldsThere(there) : null };
  }

  private async find({ mlflowId }: Task, here: ModelRow): Promise<RegisteredModel | undefined> {
    const known = mlflowId === null ? undefined : await this.mlflow.registeredModels.find(mlflowId);
    if (known?.tags[OWN_TAG] === here.id) return known;
    const filter = `tags.\`${OWN_TAG}\` = '${here.id}'`;
    const { items } = await this.mlflow.registeredModels.search({ filter });
    if (items[0]) return items[0];
    await this.checkName(here);
    return undefined;
  }

  /** @throws Clash when the name belongs to somebody else; NotYet when to one of ours that is about to give it up */
  private async checkName({ name, id }: Pick<ModelRow, 'name' | 'id'>): Promise<void> {
    const holder = await this.mlflow.registeredModels.find(name);
    if (!holder || holder.tags[OWN_TAG] === id) return;
    const other = holder.tags[OWN_TAG];
    if (other !== undefined && (await this.sync.wasTold(other)))
      throw new NotYet(`The name ${name} is still another model's of ours there.`);
    throw new Clash(`Another model there has the name ${name}.`);
  }

  private async create(made: {
    readonly here: ModelRow;
    readonly ours: Fields;
    readonly ledger: Ledger;
  }): Promise<RegisteredModel> {
    const { here, ours, ledger } = made;
    await ledger.noteTelling({ fields: ours, files: {} });
    const tags = { ...readTags(here.tags), [OWN_TAG]: here.id };
    return await this.mlflow.registeredModels.create({ name: here.name, description: here.description, tags });
  }

  private async write(name: string, changes: readonly Change[], ledger: Ledger): Promise<void> {
    const { registeredModels } = this.mlflow;
    for (const { field, value } of changes) {
      const tag = tagOf(field);
      if (tag !== undefined && value !== undefined) await registeredModels.setTag(name, tag, value);
      else if (tag !== undefined) await registeredModels.deleteTag(name, tag);
      else if (field === 'description') await registeredModels.describe(name, value ?? '');
    }
    const newName = changes.find(({ field }) => field === 'name')?.value;
    if (newName === undefined) return;
    await this.checkName({ name: newName, id: '' });
    await registeredModels.rename(name, newName);
    await ledger.noteId(newName);
  }

  /** With all its versions, unless somebody added one there. */
  private async remove({ mlflowId, entityId }: Task): Promise<Outcome> {
    const gone: Outcome = { state: 'gone', told: NOTHING_TOLD, problems: [] };
    const there = mlflowId === null ? undefined : await this.mlflow.registeredModels.find(mlflowId);
    if (!there || there.tags[OWN_TAG] !== entityId) return gone;
    const filter = `name = '${there.name.replaceAll("'", "\\'")}'`;
    const { items } = await this.mlflow.modelVersions.search({ filter });
    if (items.some(({ tags }) => tags[VERSION_TAG] === undefined))
      throw new Clash('The model was deleted here, but has a version of somebody else there, and stays.');
    await this.mlflow.registeredModels.delete(there.name);
    return gone;
  }
}

const fieldsHere = ({ name, description, tags }: ModelRow): Fields =>
  setFields({ name, description, ...tagFields(readTags(tags)) });
const fieldsThere = ({ name, description, tags }: RegisteredModel): Fields =>
  setFields({ name, description, ...tagFields(tags) });
