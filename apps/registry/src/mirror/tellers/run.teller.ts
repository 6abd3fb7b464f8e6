import type { Prisma } from '@gimbal/db';
import { BATCH_MAX, MlflowClient, type Run, type RunStatus } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { runUuid } from '../../mlflow/ids.js';
import { type Fields, type Ledger, type Look, NOTHING_TOLD, type Outcome, type Task } from '../mirrored.js';
import { SyncRepository } from '../queue/sync.repository.js';
import { FileTeller } from './file.teller.js';
import type { Change } from './merge-fields.js';
import { MetricTeller } from './metric.teller.js';
import { OWN_TAGS, readTags, setFields, sizeFields, tagFields, tagOf, tellFields } from './told-entity.js';

const OWN_TAG = OWN_TAGS.run;
const PARENT_TAG = 'mlflow.parentRunId';
const PARTS = {
  params: true,
  tags: true,
  artifacts: true,
  inputs: { include: { dataset: true }, orderBy: { datasetId: 'asc' } },
} as const satisfies Prisma.RunInclude;
type RunRow = Prisma.RunGetPayload<{ include: typeof PARTS }>;

/** Tells of runs: name, times and state, parameters, tags, metrics, tables, files. */
@Injectable()
export class RunTeller {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
    private readonly metrics: MetricTeller,
    private readonly files: FileTeller,
  ) {}

  async tell(known: Task, ledger: Ledger): Promise<Outcome> {
    const here = await this.database.reader.run.findUnique({ where: { id: known.entityId }, include: PARTS });
    if (!here) return { state: 'gone', told: NOTHING_TOLD, problems: [] }; // runs are never removed for good, there or here
    const tags = await this.tagsOf(here);
    const ours = fieldsOf(here, tags);
    const found = await this.find(known, here);
    const there = found ?? (await this.create({ here, tags, ours }, ledger));
    // One that the server has lost is told from the beginning.
    const task = found ? known : { ...known, told: null, telling: null, metricsBefore: null };
    const { runId } = there.info;
    if (runId !== known.mlflowId) await ledger.noteId(runId);
    // A deleted run takes no more writes: what is new is told when it is restored.
    if (there.info.lifecycleStage === 'deleted' && here.lifecycle === 'deleted')
      return { state: 'synced', told: task.told ?? { fields: ours, files: {} }, problems: [] };
    if (there.info.lifecycleStage === 'deleted') {
      if ((task.told ?? task.telling)?.fields['lifecycle'] !== 'deleted')
        return {
          state: 'conflict',
          told: task.told ?? NOTHING_TOLD,
          problems: ['It was deleted there, and stays so.'],
        };
      await this.mlflow.runs.restore(runId);
    }
    const problems = await this.tellParams(here, there);
    await this.metrics.tell(task, runId, ledger);
    const inputs = await this.tellInputs(here, task, runId);
    const { artifactUri } = there.info;
    const told = task.told?.files ?? {};
    const files = Object.fromEntries(here.artifacts.map(({ path, digest }) => [path, digest]));
    const unmirrored = await this.files.tell({ ours: files, told, artifactUri });
    const theirs = { ...fieldsThere(there), lifecycle: 'active' };
    const base = restored(task);
    const write = (changes: readonly Change[]) => this.write(runId, changes);
    const outcome = await tellFields(base, { ours, theirs }, { ledger, write });
    const all = [...problems, ...outcome.problems];
    return {
      state: all.length > 0 ? 'conflict' : unmirrored.length > 0 ? 'failed' : 'synced',
      told: { fields: { ...outcome.told.fields, ...inputs }, files: unmirrored.length > 0 ? told : files },
      problems: [...all, ...unmirrored],
    };
  }

  /** The parent has another id there. @throws NotYet while it is not told */
  private async tagsOf(here: RunRow): Promise<Fields> {
    const tags = Object.fromEntries(here.tags.map(({ key, value }) => [key, value]));
    const parent = here.parentRunId ?? runUuid(tags[PARENT_TAG] ?? '');
    const isOurs = parent !== undefined && (await this.database.reader.run.count({ where: { id: parent } })) > 0;
    if (!isOurs) return tags;
    return { ...tags, [PARENT_TAG]: await this.sync.idOf('run', parent) };
  }

  async look(entityId: string, mlflowId: string | null): Promise<Look | null> {
    const include = { ...PARTS, latestMetrics: true };
    const here = await this.database.reader.run.findUnique({ where: { id: entityId }, include });
    if (!here) return null;
    const metrics = here.latestMetrics.map(({ key, value, step }) => [`metric:${key}`, `${value} at ${step}`]);
    const params = here.params.map(({ key, value }) => [`param:${key}`, value]);
    const ours = {
      ...fieldsOf(here, await this.tagsOf(here)),
      ...Object.fromEntries([...metrics, ...params]),
      ...sizeFields(here.artifacts),
    };
    const there = mlflowId === null ? undefined : await this.mlflow.runs.find(mlflowId);
    return { name: here.name, ours, theirs: there ? await this.lookThere(there) : null };
  }

  private async lookThere(there: Run): Promise<Fields> {
    const { metrics, params } = there.data;
    return {
      ...fieldsThere(there),
      ...Object.fromEntries(metrics.map(({ key, value, step }) => [`metric:${key}`, `${value} at ${step}`])),
      ...Object.fromEntries(Object.entries(params).map(([key, value]) => [`param:${key}`, value])),
      ...sizeFields(await this.files.list(there.info.artifactUri)),
    };
  }

  private async find({ mlflowId }: Task, here: RunRow): Promise<Run | undefined> {
    const known = mlflowId === null ? undefined : await this.mlflow.runs.find(mlflowId);
    if (known?.data.tags[OWN_TAG] === here.id) return known;
    const experimentId = await this.sync.idOf('experiment', here.experimentId);
    const filter = `tags.\`${OWN_TAG}\` = '${here.id}'`;
    const { items } = await this.mlflow.runs.search({ experimentIds: [experimentId], filter, viewType: 'ALL' });
    return items[0];
  }

  private async create(
    { here, tags, ours }: { readonly here: RunRow; readonly tags: Fields; readonly ours: Fields },
    ledger: Ledger,
  ): Promise<Run> {
    await ledger.noteTelling({ fields: { ...ours, status: 'RUNNING', lifecycle: 'active' }, files: {} });
    return await this.mlflow.runs.create({
      experimentId: await this.sync.idOf('experiment', here.experimentId),
      runName: here.name,
      startTime: here.startedAt.getTime(),
      ...(here.userName !== '' && { userId: here.userName }),
      tags: { ...tags, [OWN_TAG]: here.id },
    });
  }

  /** Written once, there as here. */
  private async tellParams(here: RunRow, { info, data }: Run): Promise<readonly string[]> {
    const missing = here.params.filter(({ key }) => data.params[key] === undefined);
    for (let from = 0; from < missing.length; from += BATCH_MAX.params) {
      const batch = missing.slice(from, from + BATCH_MAX.params);
      await this.mlflow.runs.logBatch(info.runId, {
        params: Object.fromEntries(batch.map(({ key, value }) => [key, value])),
      });
    }
    return here.params
      .filter(({ key, value }) => (data.params[key] ?? value) !== value)
      .map(({ key }) => `The parameter ${key} has another value there, and stays so.`);
  }

  private async tellInputs(here: RunRow, task: Task, runId: string): Promise<Fields> {
    if (here.inputs.length === 0) return {};
    const count = String(here.inputs.length); // a run's tables are only added to
    if (task.told?.fields['inputs'] !== count) {
      const inputs = here.inputs.map(({ tags, dataset: { name, digest, sourceType, source, schema, profile } }) => ({
        tags: readTags(tags),
        dataset: { name, digest, sourceType, source, schema, profile },
      }));
      await this.mlflow.runs.logInputs(runId, inputs);
    }
    return { inputs: count };
  }

  private async write(runId: string, changes: readonly Change[]): Promise<void> {
    const newValue = (name: string) => changes.find(({ field }) => field === name)?.value;
    const tags = changes.flatMap(({ field, value }) => {
      const key = tagOf(field);
      return key === undefined ? [] : [{ key, value }];
    });
    const set = tags.filter((tag): tag is { key: string; value: string } => tag.value !== undefined);
    for (let from = 0; from < set.length; from += BATCH_MAX.tags) {
      const batch = set.slice(from, from + BATCH_MAX.tags).map(({ key, value }) => [key, value]);
      await this.mlflow.runs.logBatch(runId, { tags: Object.fromEntries(batch) });
    }
    for (const { key, value } of tags) if (value === undefined) await this.mlflow.runs.deleteTag(runId, key);
    const [runName, status, endTime] = [newValue('name'), newValue('status'), newValue('end_time')];
    if (runName !== undefined || status !== undefined || endTime !== undefined) {
      await this.mlflow.runs.update(runId, {
        ...(runName !== undefined && { runName }),
        ...(status !== undefined && { status: status as RunStatus }), // of our own table of states
        ...(endTime !== undefined && { endTime: Number(endTime) }),
      });
    }
    if (newValue('lifecycle') === 'deleted') await this.mlflow.runs.delete(runId);
  }
}

/** The run is active there by now: it was, or has been restored. */
const restored = ({ told, telling }: Task): Pick<Task, 'told' | 'telling'> => {
  const active = (side: Task['told']) => {
    if (side === null) return null;
    const { inputs: _ownNote, ...fields } = side.fields;
    return { ...side, fields: { ...fields, lifecycle: 'active' } };
  };
  // One that was just made is running there, whatever it is here.
  const made = told === null ? { fields: { status: 'RUNNING' }, files: {} } : null;
  return { told: active(told), telling: active(telling ?? made) };
};

const fieldsOf = (here: RunRow, tags: Fields): Fields =>
  setFields({
    name: here.name,
    status: here.state.toUpperCase(),
    end_time: here.endedAt === null ? null : String(here.endedAt.getTime()),
    lifecycle: here.lifecycle,
    ...tagFields(tags),
  });

const fieldsThere = ({ info, data }: Run): Fields =>
  setFields({
    name: info.runName,
    status: info.status,
    end_time: info.endTime === null || info.endTime === 0 ? null : String(info.endTime),
    lifecycle: info.lifecycleStage,
    ...tagFields(data.tags),
  });
