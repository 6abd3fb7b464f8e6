import type { Experiment as ExperimentRow } from '@gimbal/db';
import { type Experiment, isUnknownRoute, MlflowClient } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { Clash, type Fields, type Ledger, type Look, NOTHING_TOLD, type Outcome, type Task } from '../mirrored.js';
import type { Change } from './merge-fields.js';
import { OWN_TAGS, readTags, setFields, tagFields, tagOf, tellFields } from './told-entity.js';

const OWN_TAG = OWN_TAGS.experiment;
/** Every server has this one from its first day. It belongs to nobody: runs go there, and nothing of it is changed. */
const SHARED = { number: 0n, mlflowId: '0' };

/** Tells of experiments: name, tags, whether they are deleted. */
@Injectable()
export class ExperimentTeller {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
  ) {}

  async tell(task: Task, ledger: Ledger): Promise<Outcome> {
    const here = await this.database.reader.experiment.findUnique({ where: { id: task.entityId } });
    if (!here) return { state: 'gone', told: NOTHING_TOLD, problems: [] }; // experiments are never removed for good, there or here
    if (here.number === SHARED.number) {
      await ledger.noteId(SHARED.mlflowId);
      return { state: 'synced', told: NOTHING_TOLD, problems: [] };
    }
    const ours = fieldsHere(here);
    const there = (await this.find(task, here)) ?? (await this.create({ here, ours, ledger }));
    if (there.experimentId !== task.mlflowId) await ledger.noteId(there.experimentId);
    const write = (changes: readonly Change[]) => this.write(there, changes);
    return await tellFields(task, { ours, theirs: fieldsThere(there) }, { ledger, write });
  }

  async look(entityId: string, mlflowId: string | null): Promise<Look | null> {
    const here = await this.database.reader.experiment.findUnique({ where: { id: entityId } });
    if (!here) return null;
    if (here.number === SHARED.number) return { name: here.name, ours: {}, theirs: {} };
    const there = mlflowId === null ? undefined : await this.mlflow.experiments.find(mlflowId);
    return { name: here.name, ours: fieldsHere(here), theirs: there ? fieldsThere(there) : null };
  }

  /** @throws Clash when the name, or the id, belongs to somebody else */
  private async find({ mlflowId }: Task, here: ExperimentRow): Promise<Experiment | undefined> {
    const known = mlflowId === null ? undefined : await this.mlflow.experiments.find(mlflowId);
    if (known?.tags[OWN_TAG] === here.id) return known;
    const filter = `tags.\`${OWN_TAG}\` = '${here.id}'`;
    const { items } = await this.mlflow.experiments.search({ filter, viewType: 'ALL' });
    if (items[0]) return items[0];
    if (await this.mlflow.experiments.findByName(here.name))
      throw new Clash(`Another experiment there has the name ${here.name}.`);
    return undefined;
  }

  private async create({
    here,
    ours,
    ledger,
  }: {
    readonly here: ExperimentRow;
    readonly ours: Fields;
    readonly ledger: Ledger;
  }): Promise<Experiment> {
    await ledger.noteTelling({ fields: ours, files: {} });
    const tags = { ...readTags(here.tags), [OWN_TAG]: here.id };
    const experimentId = await this.mlflow.experiments.create({ name: here.name, tags });
    if (here.lifecycle === 'deleted') await this.mlflow.experiments.delete(experimentId);
    return { experimentId, name: here.name, tags, lifecycleStage: here.lifecycle, artifactLocation: '' };
  }

  /** A deleted one takes no changes: it is restored before them and deleted after them. */
  private async write({ experimentId, lifecycleStage }: Experiment, changes: readonly Change[]): Promise<void> {
    const { experiments } = this.mlflow;
    const lifecycle = changes.find(({ field }) => field === 'lifecycle')?.value ?? lifecycleStage;
    if (lifecycleStage === 'deleted') await experiments.restore(experimentId);
    for (const { field, value } of changes) {
      const tag = tagOf(field);
      if (tag !== undefined && value !== undefined) await experiments.setTag(experimentId, tag, value);
      else if (tag !== undefined) await this.removeTag(experimentId, tag);
      else if (field === 'name' && value !== undefined) await experiments.rename(experimentId, value);
    }
    if (lifecycle === 'deleted') await experiments.delete(experimentId);
  }

  /** MLflow 2 can't remove it: an empty text is the nearest there is. */
  private async removeTag(experimentId: string, tag: string): Promise<void> {
    try {
      await this.mlflow.experiments.deleteTag(experimentId, tag);
    } catch (error) {
      if (!isUnknownRoute(error)) throw error;
      await this.mlflow.experiments.setTag(experimentId, tag, '');
    }
  }
}

const fieldsHere = ({ name, lifecycle, tags }: ExperimentRow): Fields =>
  setFields({ name, lifecycle, ...tagFields(readTags(tags)) });
const fieldsThere = ({ name, lifecycleStage, tags }: Experiment): Fields =>
  setFields({ name, lifecycle: lifecycleStage, ...tagFields(tags) });
