import { MlflowClient, type ModelVersion, type Stage } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { Clash, type Fields, type Ledger, type Look, NOTHING_TOLD, type Outcome, type Task } from '../mirrored.js';
import { SyncRepository } from '../queue/sync.repository.js';
import type { Change } from './merge-fields.js';
import { OWN_TAGS, readTags, setFields, tagFields, tagOf, tellFields } from './told-entity.js';
import { VERSION_PARTS, VersionFilesTeller, type VersionRow } from './version-files.teller.js';
import { VersionNumbers } from './version-numbers.js';

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
    private readonly numbers: VersionNumbers,
  ) {}

  async tell(task: Task, ledger: Ledger): Promise<Outcome> {
    const where = { id: task.entityId };
    const here = await this.database.reader.modelVersion.findUnique({ where, include: VERSION_PARTS });
    if (!here) return await this.remove(task);
    const name = await this.sync.idOf('model', here.model.id);
    const ours = fieldsHere(here);
    const found = await this.find(name, here);
    // Asked again: it may have been forgotten since the task was taken, together with its model.
    if (!found && (await this.sync.findId('model-version', here.id)) !== null)
      throw new Clash('It was deleted there, and stays so: numbers are not given twice.');
    const there = found ?? (await this.create({ here, name, ours, ledger }));
    if (!found || task.mlflowId === null) await ledger.noteId(`${here.model.id}/${here.version}`);
    const isHeld = this.numbers.isHeld(there);
    if (isHeld) await this.numbers.complete(there, here);
    const known = found ? task : { told: null, telling: null };
    const base = isHeld ? { told: NOTHING_TOLD, telling: task.telling } : begun(known, ours);
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

  private async create(made: {
    readonly here: VersionRow;
    readonly name: string;
    readonly ours: Fields;
    readonly ledger: Ledger;
  }): Promise<ModelVersion> {
    const { here, name, ours, ledger } = made;
    await this.numbers.makeWay(name, here);
    const { stage: _afterwards, ...fields } = ours;
    const source = await this.files.tell(here); // before it is made: nobody there meets a version without its files
    await ledger.noteTelling({ fields, files: {} });
    return await this.numbers.create(name, here, {
      ...{ ...source, description: here.description, tags: readTags(here.tags) },
    });
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

/** None is how its stage begins there, whoever made it. */
const begun = ({ told, telling }: Pick<Task, 'told' | 'telling'>, ours: Fields): Pick<Task, 'told' | 'telling'> => {
  const { stage: _none, ...fields } = ours;
  return { told, telling: telling ?? (told === null ? { fields, files: {} } : null) };
};

const fieldsHere = ({ stage, description, tags }: VersionRow): Fields =>
  setFields({ stage: unlessNone(STAGES[stage]), description, ...tagFields(readTags(tags)) });
const fieldsThere = ({ currentStage, description, tags }: ModelVersion): Fields =>
  setFields({ stage: unlessNone(currentStage), description, ...tagFields(tags) });
const unlessNone = (stage: string): string | null => (stage === 'None' ? null : stage);
