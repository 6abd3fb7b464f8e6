import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import {
  JOBS,
  type JobPayload,
  type LogDefinition,
  type LoggedRow,
  type LoggedRows,
  readLoggedPredictions,
} from '@gimbal/contracts';
import { followPredictionId } from '../src/predict/prediction-id.js';
import { PredictionLog, type PredictionLogOptions } from '../src/prediction-log/prediction-log.js';

const silent = () => undefined;
const logger = { info: silent, warn: silent, error: silent };
export const cleanups: (() => unknown)[] = [];

/** Closes what was opened and removes what was made, the latest first. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

export const definition: LogDefinition = {
  modelVersionId: randomUUID(),
  modelName: 'heart-disease',
  modelVersion: 3,
  threshold: 0.43,
  inputs: [
    { name: 'age', outside: 'age is outside 29 to 77', missing: 'age is missing' },
    { name: 'chol', outside: 'chol is outside 126 to 564', missing: 'chol is missing' },
  ],
};
export const makeRow = (more: Partial<LoggedRow> = {}): LoggedRow => ({
  id: randomUUID(),
  createdAtMs: 1_760_000_000_123,
  prediction: 1,
  probability: 0.75,
  latencyMs: 1.5,
  requestId: 'request-1',
  values: Float64Array.of(63, Number.NaN),
  warnings: [{ input: 1, code: 'missing' }],
  texts: [],
  classes: new Float32Array(0),
  ...more,
});

/** Rows of one request: their ids count on from the first. */
export const makeRows = (count: number, more: Partial<LoggedRow> = {}): LoggedRow[] => {
  const firstId = randomUUID();
  return Array.from({ length: count }, (_, row) => makeRow({ ...more, id: followPredictionId(firstId, row) }));
};

/** The rows as they are logged together. */
export const asRequest = (rows: readonly LoggedRow[]): LoggedRows => {
  const [{ id: firstId, createdAtMs, latencyMs, requestId } = makeRow()] = rows;
  return {
    ...{ count: rows.length, firstId, createdAtMs, latencyMs, requestId },
    predictions: Float64Array.from(rows, ({ prediction }) => prediction),
    probabilities: Float64Array.from(rows, ({ probability }) => probability),
    values: Float64Array.from(rows.flatMap(({ values }) => [...values])),
    warnings: rows.map(({ warnings }) => warnings),
    texts: rows.map(({ texts }) => texts),
    classes: Float32Array.from(rows.flatMap(({ classes }) => [...classes])),
  };
};

export const makeFolder = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spool-'));
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
};

/** A queue that keeps jobs by id, as BullMQ does, and rows by id, as the table does. */
export class Inbox {
  readonly jobs = new Map<string, JobPayload<'predictions.spooled'>>();
  refuses = false;

  readonly publish = async (jobId: string, batch: JobPayload<'predictions.spooled'>) => {
    if (this.refuses) throw new Error('queue-unavailable');
    JOBS['predictions.spooled'].schema.encode(batch);
    if (!this.jobs.has(jobId)) this.jobs.set(jobId, batch);
  };

  get rows() {
    return [...this.jobs.values()].flatMap((job) => readLoggedPredictions(job, crc32));
  }
}

export const openLog = async (directory: string, inbox: Inbox, more: Partial<PredictionLogOptions> = {}) => {
  const log = await PredictionLog.open({
    directory,
    publish: inbox.publish,
    sync: 'none',
    segmentBytesMax: 1_000_000,
    segmentAgeMsMax: 60_000,
    bytesMax: 100_000_000,
    rowsPerJob: 300,
    delayMs: 5,
    logger,
    ...more,
  });
  cleanups.push(() => log.close());
  return log;
};

export const until = async (holds: () => boolean | Promise<boolean>, what: string) => {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await wait(5);
  }
};

export const segmentsIn = async (directory: string) =>
  (await readdir(directory)).filter((name) => name.endsWith('.spool'));
export const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error) => error.code,
  );
