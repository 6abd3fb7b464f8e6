import type { Prisma } from '@gimbal/db';
import { isUnknownRoute, type LoggedModel, MlflowClient } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { type Fields, type Ledger, type Look, NOTHING_TOLD, type Outcome, type Task } from '../mirrored.js';
import { SyncRepository } from '../queue/sync.repository.js';
import { FileTeller } from './file.teller.js';
import type { Change } from './merge-fields.js';
import { ModelMetricTeller } from './model-metric.teller.js';
import { OWN_TAGS, readTags, setFields, sizeFields, tagFields, tagOf, tellFields } from './told-entity.js';

const OWN_TAG = OWN_TAGS['logged-model'];
const PARTS = { artifacts: true, runLinks: true } as const satisfies Prisma.LoggedModelInclude;
type ModelRow = Prisma.LoggedModelGetPayload<{ include: typeof PARTS }>;
const PENDING = 'LOGGED_MODEL_PENDING';
const STATUSES = {
  pending: PENDING,
  ready: 'LOGGED_MODEL_READY',
  failed: 'LOGGED_MODEL_UPLOAD_FAILED',
} as const satisfies Record<ModelRow['state'], string>;

/** Tells of models as runs logged them: parameters, tags, state, files, metrics, and which runs made or read them. */
@Injectable()
export class LoggedModelTeller {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
    private readonly files: FileTeller,
    private readonly metrics: ModelMetricTeller,
  ) {}

  async tell(task: Task, ledger: Ledger): Promise<Outcome> {
    try {
      return await this.tellKnown(task, ledger);
    } catch (error) {
      if (!isUnknownRoute(error)) throw error;
      // Its files go there with the versions that are made of it.
      const problems = [
        'The server is older than MLflow 3: it knows no logged models, nor what was measured of them or read them.',
      ];
      return { state: 'synced', told: NOTHING_TOLD, problems };
    }
  }

  private async tellKnown(task: Task, ledger: Ledger): Promise<Outcome> {
    const here = await this.database.reader.loggedModel.findUnique({ where: { id: task.entityId }, include: PARTS });
    if (!here || here.lifecycle === 'deleted') return await this.remove(task);
    const ours = fieldsHere(here);
    const found = await this.find(task, here);
    const there = found ?? (await this.create({ here, ours, ledger }));
    const { modelId, artifactUri } = there.info;
    if (modelId !== task.mlflowId) await ledger.noteId(modelId);
    await this.tellRuns(here, modelId);
    const unmeasured = await this.metrics.tell(found ? task : { ...task, metricsBefore: null }, modelId, ledger);
    const told = found ? (task.told?.files ?? {}) : {}; // one that the server has lost is told from the beginning
    const files = Object.fromEntries(here.artifacts.map(({ path, digest }) => [path, digest]));
    const unmirrored = await this.files.tell({ ours: files, told, artifactUri });
    const theirs = fieldsThere(there);
    const write = (changes: readonly Change[]) => this.write(modelId, changes);
    // Pending is how it begins there, whoever made it.
    const base = theirs['status'] === PENDING ? { ...task, telling: pending(task) } : task;
    const outcome = await tellFields(base, { ours, theirs }, { ledger, write });
    const isWhole = unmirrored.length === 0;
    return {
      state: isWhole || outcome.state === 'conflict' ? outcome.state : 'failed',
      told: { ...outcome.told, files: isWhole ? files : told },
      problems: [...outcome.problems, ...unmirrored, ...unmeasured],
    };
  }

  async look(entityId: string, mlflowId: string | null): Promise<Look | null> {
    const here = await this.database.reader.loggedModel.findUnique({ where: { id: entityId }, include: PARTS });
    if (!here || here.lifecycle === 'deleted') return null;
    const there = mlflowId === null ? undefined : await this.mlflow.loggedModels.find(mlflowId);
    const ours = { ...fieldsHere(here), ...sizeFields(here.artifacts) };
    if (!there) return { name: here.name, ours, theirs: null };
    const sizes = await this.files.list(there.info.artifactUri);
    return { name: here.name, ours, theirs: { ...fieldsThere(there), ...sizeFields(sizes) } };
  }

  private async find({ mlflowId }: Task, here: ModelRow): Promise<LoggedModel | undefined> {
    const known = mlflowId === null ? undefined : await this.mlflow.loggedModels.find(mlflowId);
    if (known?.info.tags[OWN_TAG] === here.id) return known;
    const experimentIds = [await this.sync.idOf('experiment', here.experimentId)];
    const filter = `tags.\`${OWN_TAG}\` = '${here.id}'`;
    return (await this.mlflow.loggedModels.search({ experimentIds, filter })).items[0];
  }

  private async create(made: {
    readonly here: ModelRow;
    readonly ours: Fields;
    readonly ledger: Ledger;
  }): Promise<LoggedModel> {
    const { here, ours, ledger } = made;
    await ledger.noteTelling({ fields: ours, files: {} });
    return await this.mlflow.loggedModels.create({
      experimentId: await this.sync.idOf('experiment', here.experimentId),
      name: here.name,
      modelType: here.modelType,
      ...(here.sourceRunId !== null && { sourceRunId: await this.sync.idOf('run', here.sourceRunId) }),
      params: readTags(here.params),
      tags: { ...readTags(here.tags), [OWN_TAG]: here.id },
    });
  }

  /** Which runs made it, and which read it. The server would keep a link twice: those that are there are left out. */
  private async tellRuns({ runLinks }: ModelRow, modelId: string): Promise<void> {
    for (const { runId, role, step } of runLinks) {
      const there = await this.mlflow.runs.find(await this.sync.idOf('run', runId));
      if (there?.info.lifecycleStage !== 'active') continue;
      const { inputs, outputs } = there;
      const links = role === 'input' ? inputs.modelInputs : outputs.modelOutputs;
      if (links.some((link) => link.modelId === modelId)) continue;
      if (role === 'input') await this.mlflow.runs.logModelInputs(there.info.runId, [modelId]);
      else await this.mlflow.runs.logOutputs(there.info.runId, [{ modelId, step }]);
    }
  }

  private async write(modelId: string, changes: readonly Change[]): Promise<void> {
    const { loggedModels } = this.mlflow;
    for (const { field, value } of changes) {
      const tag = tagOf(field);
      if (tag !== undefined && value !== undefined) await loggedModels.setTags(modelId, { [tag]: value });
      else if (tag !== undefined) await loggedModels.deleteTag(modelId, tag);
    }
    const status = changes.find(({ field }) => field === 'status')?.value;
    if (status === STATUSES.ready || status === STATUSES.failed) await loggedModels.finalize(modelId, status);
  }

  private async remove({ mlflowId, entityId }: Task): Promise<Outcome> {
    const there = mlflowId === null ? undefined : await this.mlflow.loggedModels.find(mlflowId);
    if (there?.info.tags[OWN_TAG] === entityId) await this.mlflow.loggedModels.delete(there.info.modelId);
    return { state: 'gone', told: NOTHING_TOLD, problems: [] };
  }
}

const pending = ({ telling, told }: Task) => {
  const side = telling ?? told ?? NOTHING_TOLD;
  return { ...side, fields: { ...side.fields, status: PENDING } };
};

const fieldsHere = ({ state, tags }: ModelRow): Fields =>
  setFields({ status: STATUSES[state], ...tagFields(readTags(tags)) });
const fieldsThere = ({ info }: LoggedModel): Fields => setFields({ status: info.status, ...tagFields(info.tags) });
