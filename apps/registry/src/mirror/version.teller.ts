import { MlflowClient, type ModelVersion, type Stage } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Change } from './merge-fields.js';
import {
  Clash,
  type Fields,
  type Ledger,
  type Look,
  NOTHING_TOLD,
  NotYet,
  type Outcome,
  type Task,
} from './mirrored.js';
import { SyncRepository } from './sync.repository.js';
import { OWN_TAGS, readTags, setFields, tagFields, tagOf, tellFields } from './told-entity.js';
import { VERSION_PARTS, VersionFilesTeller, type VersionRow } from './version-files.teller.js';

const OWN_TAG = OWN_TAGS['model-version'];
const STAGES = {
  training: 'None',
  staging: 'Staging',
  production: 'Production',
  archived: 'Archived',
} as const satisfies Record<VersionRow['stage'], Stage>;

/** Tells of versions: number, source, stage, description, tags. Their numbers there are the same. Their id there is `<model>/<version>`. */
@Injectable()
export class VersionTeller {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
    private readonly files: VersionFilesTeller,
  ) {}

  async tell(task: Task, ledger: Ledger): Promise<Outcome> {
    const where = { id: task.entityId };
    const here = await this.database.reader.modelVersion.findUnique({ where, include: VERSION_PARTS });
    if (!here) return await this.remove(task);
    const name = await this.sync.idOf('model', here.model.id);
    const ours = fieldsHere(here);
    const there = (await this.find(name, here)) ?? (await this.create({ here, name, ours, ledger }));
    if (task.mlflowId === null) await ledger.noteId(`${here.model.id}/${here.version}`);
    // None is how it begins there, whoever made it.
    const fresh = task.told === null ? { ...ours, stage: '' } : null;
    const base = { ...task, telling: task.telling ?? (fresh && { fields: setFields(fresh), files: {} }) };
    const write = (changes: readonly Change[]) => this.write(there, changes);
    return await tellFields(base, { ours, theirs: fieldsThere(there) }, { ledger, write });
  }

  async look(entityId: string, mlflowId: string | null): Promise<Look | null> {
    const here = await this.database.reader.modelVersion.findUnique({
      where: { id: entityId },
      include: VERSION_PARTS,
    });
    if (!here) return null;
    const name = mlflowId === null ? null : await this.sync.findId('model', here.model.id);
    const there = name === null ? undefined : await this.mlflow.modelVersions.find(name, here.version);
    const theirs = there ? fieldsThere(there) : null;
    return { name: `${here.modelName}/${here.version}`, ours: fieldsHere(here), theirs };
  }

  private async find(name: string, { id, version }: VersionRow): Promise<ModelVersion | undefined> {
    const there = await this.mlflow.modelVersions.find(name, version);
    if (!there || there.tags[OWN_TAG] === id) return there;
    throw new Clash(`Somebody else registered version ${version} of ${name} there.`);
  }

  /**
   * The server counts: versions are told in their order, and a number that is not used here (any more) is used up there by a version that is made
   * and deleted. One with a wrong number never stays.
   */
  private async create(made: {
    readonly here: VersionRow;
    readonly name: string;
    readonly ours: Fields;
    readonly ledger: Ledger;
  }): Promise<ModelVersion> {
    const { here, name, ours, ledger } = made;
    await this.checkEarlier(here);
    await this.removeStray(name, here);
    const { stage: _afterwards, ...fields } = ours;
    const source = await this.files.tell(here);
    await ledger.noteTelling({ fields, files: {} });
    for (;;) {
      const created = await this.mlflow.modelVersions.create({
        ...{ name, ...source, description: here.description },
        tags: { ...readTags(here.tags), [OWN_TAG]: here.id },
      });
      if (created.version === here.version) return created;
      await this.mlflow.modelVersions.delete(name, created.version);
      if (created.version > here.version)
        throw new Clash(`Version ${here.version} of ${name} is used there: the next one is ${created.version + 1}.`);
    }
  }

  /** @throws NotYet while an earlier version of the model is not there */
  private async checkEarlier({ modelName, version }: VersionRow): Promise<void> {
    const [earlier] = await this.database.reader.$queryRaw<{ version: number }[]>`
      SELECT v.version FROM model_versions v
      LEFT JOIN mlflow_sync s ON s.entity_kind = 'model-version' AND s.entity_id = v.id::text
      WHERE v.model_name = ${modelName} AND v.version < ${version} AND s.mlflow_id IS NULL
      ORDER BY v.version LIMIT 1`;
    if (earlier) throw new NotYet(`Version ${earlier.version} of ${modelName} is not on the server yet.`);
  }

  /** What a crash left between making one with a wrong number and deleting it. */
  private async removeStray(name: string, { id, version }: VersionRow): Promise<void> {
    const filter = `name = '${name.replaceAll("'", "\\'")}'`;
    const { items } = await this.mlflow.modelVersions.search({ filter });
    for (const stray of items)
      if (stray.tags[OWN_TAG] === id && stray.version !== version)
        await this.mlflow.modelVersions.delete(name, stray.version);
  }

  private async write({ name, version }: ModelVersion, changes: readonly Change[]): Promise<void> {
    const { modelVersions } = this.mlflow;
    for (const { field, value } of changes) {
      const tag = tagOf(field);
      if (tag !== undefined && value !== undefined) await modelVersions.setTag(name, version, { key: tag, value });
      else if (tag !== undefined) await modelVersions.deleteTag(name, version, tag);
      else if (field === 'description') await modelVersions.describe(name, version, value ?? '');
      else await modelVersions.moveToStage(name, version, (value ?? 'None') as Stage); // of our own table of stages
    }
  }

  private async remove({ mlflowId, entityId }: Task): Promise<Outcome> {
    const [modelId = '', version = ''] = mlflowId?.split('/') ?? [];
    const name = mlflowId === null ? null : await this.sync.findId('model', modelId);
    const there = name === null ? undefined : await this.mlflow.modelVersions.find(name, Number(version));
    if (there?.tags[OWN_TAG] === entityId) await this.mlflow.modelVersions.delete(there.name, there.version);
    return { state: 'gone', told: NOTHING_TOLD, problems: [] };
  }
}

const fieldsHere = ({ stage, description, tags }: VersionRow): Fields =>
  setFields({ stage: unlessNone(STAGES[stage]), description, ...tagFields(readTags(tags)) });
const fieldsThere = ({ currentStage, description, tags }: ModelVersion): Fields =>
  setFields({ stage: unlessNone(currentStage), description, ...tagFields(tags) });
const unlessNone = (stage: string): string | null => (stage === 'None' ? null : stage);
