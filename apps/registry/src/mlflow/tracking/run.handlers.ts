import { randomUUID } from 'node:crypto';
import type { Actor, MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import type { BegunRow } from '../../experiments/begin-statement.js';
import { type NewRun, RunWriter } from '../../experiments/run-writer.js';
import { readExperimentNumber, readRunId, runNotThere, runUuid } from '../ids.js';
import { invalidParameter } from '../mlflow-error.js';
import { writeObject } from '../written-json.js';
import { checkExperimentActive, checkRunActive } from './check-active.js';
import { checkRunName, checkTag } from './check-names.js';
import { randomName } from './random-name.js';
import { PARENT_RUN_TAG, RUN_NAME_TAG, type RunRow, showRun, showRunInfo } from './run-json.js';
import { RunRows } from './run-rows.repository.js';

const USER_TAG = 'mlflow.user';

type RunRoutes = 'createRun' | 'getRun' | 'updateRun' | 'deleteRun' | 'restoreRun';

/** Runs as MLflow's clients begin, read, end, delete and restore them. */
@Injectable()
export class RunHandlers {
  readonly handlers: MlflowHandlers<RunRoutes> = {
    createRun: (request, actor) => this.create(request, actor),
    getRun: async (request) => {
      const id = readRunId(request);
      const row = await this.rows.find(id);
      if (!row) throw runNotThere(id);
      return writeObject({ run: showRun(row) });
    },
    updateRun: (request) => this.update(request),
    deleteRun: (request) => this.setLifecycle(readRunId(request), 'deleted'),
    restoreRun: (request) => this.setLifecycle(readRunId(request), 'active'),
  };

  constructor(
    private readonly rows: RunRows,
    private readonly writer: RunWriter,
  ) {}

  private async create(request: MlflowRequest<'createRun'>, actor: Actor): Promise<object> {
    const experiment = readExperimentNumber(request.experiment_id);
    const tags = new Map(request.tags.map(({ key, value }) => [key, checkTag(key, value).value]));
    const name = nameOf(request.run_name, tags.get(RUN_NAME_TAG));
    tags.delete(RUN_NAME_TAG);
    const run = {
      id: randomUUID(),
      name,
      userName: request.user_id || tags.get(USER_TAG) || '',
      createdBy: actor.name,
      startedAt: request.start_time ?? Date.now(),
      parentRunId: runUuid(tags.get(PARENT_RUN_TAG) ?? '') ?? null,
      datasetDigest: null,
      params: [],
      tags: [...tags].map(([key, value]) => ({ key, value })),
    };
    const begun = await this.writer.begin({ number: experiment }, run);
    checkExperimentActive(experiment, begun);
    return writeObject({ run: showRun(rowOfNewRun(experiment, run, begun)) });
  }

  private async update({ status, end_time, run_name, ...named }: MlflowRequest<'updateRun'>): Promise<object> {
    const id = readRunId(named);
    if (run_name) checkRunName(run_name);
    const row = await this.rows.update(id, {
      status: status?.toLowerCase(),
      endedAt: end_time,
      name: run_name || undefined,
    });
    checkRunActive(id, row);
    return { run_info: showRunInfo(row) };
  }

  private async setLifecycle(id: string, lifecycle: 'active' | 'deleted'): Promise<object> {
    if (!(await this.rows.setLifecycle(id, lifecycle))) throw runNotThere(id);
    return {};
  }
}

/** A run's name: as it was called, else as its tag says, else one of ours. */
function nameOf(name: string | undefined, tag: string | undefined): string {
  if (name && tag && name !== tag)
    throw invalidParameter(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tag}').`,
    );
  const chosen = name || tag || randomName();
  checkRunName(chosen);
  return chosen;
}

/** A run that has just begun as it would be read: nothing was logged to it yet. */
const rowOfNewRun = (
  experiment: string,
  { id, name, userName, startedAt, tags }: NewRun,
  { lifecycle, artifact_location, parent_run_id }: BegunRow,
): RunRow => ({
  id,
  name,
  experiment,
  user_name: userName,
  state: 'running',
  started: startedAt,
  ended: null,
  lifecycle,
  artifact_location,
  parent_run_id,
  tags: JSON.stringify(tags.filter(({ key }) => key !== PARENT_RUN_TAG || parent_run_id === null)),
  metrics: null,
  params: null,
  datasets: null,
  model_inputs: null,
  model_outputs: null,
});
