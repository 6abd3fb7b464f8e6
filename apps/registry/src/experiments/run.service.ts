import { randomUUID } from 'node:crypto';
import type { Actor, CreateRun, LogArtifact, LogMetrics, Run, RunsQuery, UpdateRun } from '@gimbal/contracts';
import type { DatabaseTransaction, RunState } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import {
  ARTIFACT_STORE,
  type ArtifactStore,
  cutPage,
  InvalidInputError,
  type PageOf,
  readTimePlace,
  type TimePlace,
  timeMark,
} from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { writeArtifact } from '../artifacts/artifact-rows.js';
import { holdContent } from '../artifacts/content-lock.js';
import { Database } from '../database/database.js';
import { experimentNotFound } from './experiment.service.js';
import { lockRun, readRun, readRuns, runNotFound } from './run.repository.js';
import { type KeyValue, type LogEntry, RunWriter } from './run-writer.js';

type Shown = z.output<typeof Run>;

/** Runs: what was tried, with which parameters, and what came of it. */
@Injectable()
export class RunService {
  constructor(
    private readonly database: Database,
    private readonly writer: RunWriter,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /**
   * Begins a run. With an id of the caller's own it is safe to repeat: the answer is the run that is there.
   * @throws DomainError `experiment-not-found`, `run-not-found` (the parent), `already-exists` when the id belongs to another run
   */
  async create(experimentId: string, request: z.output<typeof CreateRun>, actor: Actor): Promise<Shown> {
    const { id = randomUUID(), name, parentRunId = null, datasetDigest = null, startedAt } = request;
    if (parentRunId !== null) await readRun(this.database.reader, parentRunId);
    const params = entriesOf(request.params);
    const begun = await this.writer.begin(
      { id: experimentId },
      {
        id,
        name,
        createdBy: actor.name,
        userName: '',
        startedAt: startedAt === undefined ? Date.now() : Date.parse(startedAt),
        parentRunId,
        datasetDigest,
        params,
        tags: entriesOf(request.tags),
      },
    );
    if (!begun || begun.lifecycle === 'deleted') throw experimentNotFound(experimentId);
    if (begun.made !== null) return await readRun(this.database.reader, id);
    const present = await readRun(this.database.reader, id);
    const isSame =
      present.experimentId === experimentId && present.name === name && present.parentRunId === parentRunId;
    if (!isSame) throw new DomainError('already-exists', 'Another run has this id.');
    return await this.log(id, { params });
  }

  /** Newest first; `name` finds a part of the name in any case. */
  async list({ limit, cursor, experimentId, state, name }: z.output<typeof RunsQuery>): Promise<PageOf<Shown>> {
    const where = {
      ...(experimentId !== undefined && { experimentId }),
      ...(state && { state }),
      ...(name !== undefined && { name: { contains: name, mode: 'insensitive' } as const }),
      ...startedBefore(readTimePlace(cursor)),
    };
    const runs = await readRuns(this.database.reader, { where, take: limit + 1 });
    return cutPage(runs, {
      limit,
      show: (run) => run,
      place: ({ startedAt, id }) => timeMark(new Date(startedAt), id),
    });
  }

  /** @throws DomainError `run-not-found` */
  async get(id: string): Promise<Shown> {
    return await readRun(this.database.reader, id);
  }

  /**
   * Moves a run on, and notes when it ended. The same state again changes nothing; one that has ended may go on, as in MLflow.
   * @throws DomainError `run-not-found`; `invalid-transition` when it has ended otherwise
   */
  async update(id: string, { state, endedAt }: z.output<typeof UpdateRun>): Promise<Shown> {
    return await this.changeRun(id, async (tx) => {
      const run = await tx.run.findUniqueOrThrow({ where: { id } });
      if (run.state === state) return;
      if (state === 'running') return void (await tx.run.update({ where: { id }, data: { state, endedAt: null } }));
      if (hasEnded(run.state)) throw new DomainError('invalid-transition', `The run is ${run.state} already.`);
      const end = endedAt === undefined ? new Date() : new Date(endedAt);
      await tx.run.update({ where: { id }, data: { state, ...(hasEnded(state) && { endedAt: end }) } });
    });
  }

  /** Adds points to the histories of metrics; a point that is there already is stored once. @throws DomainError `run-not-found` */
  async logMetrics(id: string, { metrics }: z.output<typeof LogMetrics>): Promise<Shown> {
    const now = Date.now();
    const points = metrics.map(({ key, value, step, at }) => ({
      key,
      value: Number(value),
      step: BigInt(step),
      millis: at === undefined ? now : Date.parse(at),
    }));
    return await this.log(id, { metrics: points });
  }

  /** @throws DomainError `run-not-found`; `already-exists` when a parameter has another value */
  async logParams(id: string, params: Readonly<Record<string, string>>): Promise<Shown> {
    return await this.log(id, { params: entriesOf(params) });
  }

  /** @throws DomainError `run-not-found` */
  async setTags(id: string, tags: Readonly<Record<string, string>>): Promise<Shown> {
    return await this.log(id, { tags: entriesOf(tags) });
  }

  /**
   * Names a stored file as an artifact of the run. A path is written once; the same file again changes nothing.
   * @throws DomainError `run-not-found`; `artifact-not-found` when the file is not stored; `already-exists` when the path is another file,
   *   `validation-failed` when it is a folder
   */
  async logArtifact(id: string, { path, digest, bytes, contentType }: z.output<typeof LogArtifact>): Promise<Shown> {
    const owner = { kind: 'run', id } as const;
    const stored = await this.store.find(digest);
    if (!stored) throw new DomainError('artifact-not-found', 'The file is not stored. Send it first.');
    if (stored.bytes !== bytes)
      throw new InvalidInputError([{ path: 'bytes', message: `is not the size of the file, ${stored.bytes}` }]);
    return await this.database.change(async (tx) => {
      await holdContent(tx, this.store, digest); // before the run's lock, as all who take both
      await lockRun(tx, id);
      const present = await tx.artifact.findUnique({ where: { runId_path: { runId: id, path } } });
      if (present && present.digest !== digest)
        throw new DomainError('already-exists', 'The run has another file at this path.');
      if (!present) await writeArtifact(tx, owner, { path, digest, bytes, contentType });
      return await readRun(tx, id);
    });
  }

  private async log(id: string, entry: LogEntry): Promise<Shown> {
    const outcome = await this.writer.log(id, entry);
    if (!outcome || outcome.lifecycle === 'deleted') throw runNotFound(id);
    if (outcome.changed) {
      const keys = outcome.changed.slice(0, 10).map(({ key }) => key);
      throw new DomainError(
        'already-exists',
        `Parameters are written once; these have another value: ${keys.join(', ')}.`,
      );
    }
    return await readRun(this.database.reader, id);
  }

  private async changeRun(id: string, work: (tx: DatabaseTransaction) => Promise<void>): Promise<Shown> {
    return await this.database.change(async (tx) => {
      await lockRun(tx, id);
      await work(tx);
      return await readRun(tx, id);
    });
  }
}

const hasEnded = (state: RunState): boolean => state !== 'scheduled' && state !== 'running';

const entriesOf = (members: Readonly<Record<string, string>>): KeyValue[] =>
  Object.entries(members).map(([key, value]) => ({ key, value }));

function startedBefore(place: TimePlace | undefined) {
  if (!place) return {};
  return { OR: [{ startedAt: { lt: place.at } }, { startedAt: place.at, id: { lt: place.id } }] };
}
