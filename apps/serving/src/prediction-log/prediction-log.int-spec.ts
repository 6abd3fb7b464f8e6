import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import {
  decodeRecords,
  JOBS,
  type JobPayload,
  type LogDefinition,
  type LoggedRow,
  type LoggedRows,
  readLoggedPredictions,
} from '@gimbal/contracts';
import { afterEach, describe, expect, it } from '@jest/globals';
import { followPredictionId } from '../predict/prediction-id.js';
import { PredictionLog, type PredictionLogOptions } from './prediction-log.js';
import { SPOOL_FILES } from './spool-files.js';
import { SpoolReader } from './spool-reader.js';

const silent = () => undefined;
const logger = { info: silent, warn: silent, error: silent };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const definition: LogDefinition = {
  modelVersionId: randomUUID(),
  modelName: 'heart-disease',
  modelVersion: 3,
  threshold: 0.43,
  inputs: [
    { name: 'age', outside: 'age is outside 29 to 77', missing: 'age is missing' },
    { name: 'chol', outside: 'chol is outside 126 to 564', missing: 'chol is missing' },
  ],
};
const makeRow = (more: Partial<LoggedRow> = {}): LoggedRow => ({
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
const makeRows = (count: number, more: Partial<LoggedRow> = {}): LoggedRow[] => {
  const firstId = randomUUID();
  return Array.from({ length: count }, (_, row) => makeRow({ ...more, id: followPredictionId(firstId, row) }));
};

/** The rows as they are logged together. */
const asRequest = (rows: readonly LoggedRow[]): LoggedRows => {
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

const makeFolder = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spool-'));
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
};

/** A queue that keeps jobs by id, as BullMQ does, and rows by id, as the table does. */
class Inbox {
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

const openLog = async (directory: string, inbox: Inbox, more: Partial<PredictionLogOptions> = {}) => {
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

const until = async (holds: () => boolean | Promise<boolean>, what: string) => {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await wait(5);
  }
};

const segmentsIn = async (directory: string) => (await readdir(directory)).filter((name) => name.endsWith('.spool'));
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error) => error.code,
  );

describe('shipping', () => {
  it('every row reaches the queue once, in jobs of a few hundred, and the segments go when it has them', async () => {
    const directory = await makeFolder();
    const inbox = new Inbox();
    const log = await openLog(directory, inbox, { segmentBytesMax: 20_000 });
    await log.startShipping();
    const rows = Array.from({ length: 250 }, () => makeRows(10)).flat();
    for (let from = 0; from < rows.length; from += 10)
      await log.append(definition, asRequest(rows.slice(from, from + 10)));
    await until(() => log.state.shippedRows === rows.length, 'all shipped');
    expect(inbox.rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(Math.max(...[...inbox.jobs.values()].map((job) => job.rows))).toBeLessThanOrEqual(300);
    expect(inbox.rows[0]).toEqual({
      id: rows[0]?.id,
      modelVersionId: definition.modelVersionId,
      modelName: 'heart-disease',
      modelVersion: 3,
      features: { age: 63, chol: null },
      prediction: 1,
      probability: 0.75,
      threshold: 0.43,
      latencyMs: 1.5,
      warnings: [{ field: 'chol', code: 'missing', message: 'chol is missing' }],
      requestId: 'request-1',
      createdAt: '2025-10-09T08:53:20.123Z',
    });
    await until(async () => (await segmentsIn(directory)).length <= 1, 'old segments deleted');
    expect(log.state).toMatchObject({ waitingRows: 0, waitingBytes: 0 });
  });

  it('a request of 10 000 rows travels in several jobs', async () => {
    const inbox = new Inbox();
    const log = await openLog(await makeFolder(), inbox);
    await log.startShipping();
    await log.append(definition, asRequest(makeRows(10_000)));
    await until(() => inbox.rows.length === 10_000, 'all shipped');
    expect(new Set(inbox.rows.map(({ id }) => id)).size).toBe(10_000);
  });

  it.each([
    ['a queue that takes its time', { segmentBytesMax: 30_000 }, 0],
    ['a queue that refuses at times', { segmentBytesMax: 30_000 }, 2],
    ['large files', {}, 0],
    ['fdatasync before each answer', { segmentBytesMax: 30_000, sync: 'batch' }, 0],
  ] as const)(
    'every row once and in order, among files that end and versions that change: %s',
    async (_, options, refusals) => {
      const inbox = new Inbox();
      let left = refusals;
      const publish: PredictionLogOptions['publish'] = async (jobId, job) => {
        await wait(inbox.jobs.size % 4 === 0 ? 25 : 1);
        if (inbox.jobs.size > 10 * (refusals - left) && left-- > 0) throw new Error('queue-unavailable');
        await inbox.publish(jobId, job);
      };
      const log = await openLog(await makeFolder(), inbox, { ...options, publish, delayMs: 2 });
      await log.startShipping();
      const sent: LoggedRow[] = [];
      const versions = [1, 2, 3].map((modelVersion) => ({ ...definition, modelVersion }));
      for (let turn = 0; turn < 120; turn++) {
        const requests = Array.from({ length: (turn % 5) + 1 }, (_, n) => makeRows(turn % 17 === 16 ? 400 : n + 1));
        sent.push(...requests.flat());
        await Promise.all(
          requests.map((rows, n) => log.append(versions[(turn + n) % 3] ?? definition, asRequest(rows))),
        );
        if (turn % 3 === 0) await wait(1);
      }
      await until(() => log.state.shippedRows === sent.length, 'all shipped');
      expect(inbox.rows.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
      expect(log.state).toMatchObject({ waitingRows: 0, waitingBytes: 0 });
    },
  );

  it('waits while the queue refuses, answers nevertheless, and goes on when it is back', async () => {
    const inbox = new Inbox();
    inbox.refuses = true;
    const log = await openLog(await makeFolder(), inbox);
    await log.startShipping();
    await log.append(definition, asRequest([makeRow()]));
    await until(() => log.state.isBlocked, 'blocked');
    await log.append(definition, asRequest([makeRow()]));
    expect(log.state.waitingRows).toBe(2);
    inbox.refuses = false;
    await until(() => inbox.rows.length === 2, 'shipped');
    await until(() => !log.state.isBlocked && log.state.waitingRows === 0, 'calm');
  });

  it('a new process ships what the former left, and repeats nothing that was remembered', async () => {
    const directory = await makeFolder();
    const inbox = new Inbox();
    const first = await openLog(directory, inbox);
    await first.startShipping();
    await first.append(definition, asRequest(makeRows(2)));
    await until(() => inbox.rows.length === 2, 'shipped');
    inbox.refuses = true;
    await first.append(definition, asRequest([makeRow()]));
    await first.close();
    inbox.refuses = false;
    const second = await openLog(directory, inbox);
    await second.startShipping();
    await until(() => inbox.rows.length === 3, 'the third row');
    await until(async () => (await segmentsIn(directory)).length === 0, 'the old segment deleted');
    expect(new Set(inbox.rows.map(({ id }) => id)).size).toBe(3);
  });

  it('a log that was emptied once ships what comes later, in the same process and in the next', async () => {
    const directory = await makeFolder();
    const inbox = new Inbox();
    for (let round = 1; round <= 4; round++) {
      const log = await openLog(directory, inbox);
      await log.startShipping();
      await log.append(definition, asRequest([makeRow()]));
      await until(() => inbox.rows.length === round, `row ${round}`);
      await log.close();
    }
    await rm(join(directory, 'cursor.json'));
    const last = await openLog(directory, inbox);
    await last.startShipping();
    await last.append(definition, asRequest([makeRow()]));
    await until(() => inbox.rows.length === 5, 'row 5');
  });

  it('without its cursor it ships again under the same job id, which the queue knows', async () => {
    const directory = await makeFolder();
    const inbox = new Inbox();
    const first = await openLog(directory, inbox);
    await first.startShipping();
    await first.append(definition, asRequest(makeRows(2)));
    await until(() => inbox.rows.length === 2, 'shipped');
    await first.close();
    await writeFile(join(directory, 'cursor.json'), '{"segm');
    const second = await openLog(directory, inbox);
    await second.startShipping();
    await until(async () => (await segmentsIn(directory)).length === 0, 'shipped again');
    expect(inbox.rows).toHaveLength(2);
  });
});

describe('a killed process', () => {
  it('leaves at most a torn last record: whatever the byte, all rows before it are read and nothing else', async () => {
    const directory = await makeFolder();
    const log = await openLog(directory, new Inbox());
    const rows = Array.from({ length: 3 }, () => makeRow());
    for (const row of rows) await log.append(definition, asRequest([row]));
    await log.close();
    const [name = ''] = await segmentsIn(directory);
    const path = join(directory, name);
    const whole = await readFile(path);
    const ends: number[] = [];
    const reader = await SpoolReader.open(path);
    await reader.read(whole.length, ({ end }) => ends.push(end) > 0);
    await reader.close();
    expect(ends).toHaveLength(3);
    for (let size = whole.length; size >= 0; size--) {
      await truncate(path, size);
      const torn = await SpoolReader.open(path);
      const seen: LoggedRow[] = [];
      const ending = await torn.read(size, ({ definition, bytes }) => {
        for (const { rows } of decodeRecords(Buffer.concat([definition, bytes]), crc32)) seen.push(...rows);
        return true;
      });
      await torn.close();
      const complete = ends.filter((end) => end <= size).length;
      expect(seen).toEqual(rows.slice(0, complete));
      expect(ending).not.toBe('damaged');
    }
  });

  it('a segment with a torn tail is shipped and deleted; one with a flipped byte is shipped up to it and set aside', async () => {
    const directory = await makeFolder();
    const first = await openLog(directory, new Inbox());
    const rows = Array.from({ length: 4 }, () => makeRow());
    for (const row of rows.slice(0, 2)) await first.append(definition, asRequest([row]));
    await first.close();
    const second = await openLog(directory, new Inbox());
    for (const row of rows.slice(2)) await second.append(definition, asRequest([row]));
    await second.close();
    const [torn = '', damaged = ''] = await segmentsIn(directory);
    await appendFile(join(directory, torn), Buffer.from([200, 0, 0, 0, 1, 2, 3, 4, 2]));
    const bytes = await readFile(join(directory, damaged));
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await writeFile(join(directory, damaged), bytes);
    const inbox = new Inbox();
    const third = await openLog(directory, inbox);
    await third.startShipping();
    await until(async () => (await segmentsIn(directory)).length === 0, 'both done');
    expect(inbox.rows.map(({ id }) => id)).toEqual(rows.slice(0, 3).map(({ id }) => id));
    expect(await readdir(directory)).toContain(`${damaged}.damaged`);
  });
});

describe('a disk that refuses', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EIO'])(
    '%s: nothing is acknowledged, what was is still there, and it recovers by itself',
    async (code) => {
      const directory = await makeFolder();
      const inbox = new Inbox();
      let room = Number.POSITIVE_INFINITY;
      const writeSync: typeof SPOOL_FILES.writeSync = ((
        fd: number,
        bytes: Buffer,
        offset: number,
        length: number,
        at: number,
      ) => {
        if (room <= 0) throw Object.assign(new Error(code), { code });
        const written = SPOOL_FILES.writeSync(fd, bytes, offset, Math.min(length, room), at);
        room -= written;
        return written;
      }) as typeof SPOOL_FILES.writeSync; // the one overload that the writer calls
      const log = await openLog(directory, inbox, { files: { ...SPOOL_FILES, writeSync } });
      const good = makeRows(2);
      await log.append(definition, asRequest(good));
      room = 50; // the next record is cut short, and then refused
      const expected = code === 'EIO' ? 'storage-failed' : 'storage-full';
      const refused = await Promise.all(
        [makeRow(), makeRow()].map((row) => faultOf(log.append(definition, asRequest([row])))),
      );
      expect(refused).toEqual([expected, expected]);
      expect(log.state.isFailing).toBe(true);
      room = Number.POSITIVE_INFINITY;
      const later = makeRow();
      await log.append(definition, asRequest([later]));
      expect(log.state.isFailing).toBe(false);
      await log.startShipping();
      await until(() => inbox.rows.length === 3, 'shipped');
      expect(inbox.rows.map(({ id }) => id)).toEqual([...good, later].map(({ id }) => id));
    },
  );

  it('a failed fdatasync refuses the rows and takes them out again', async () => {
    const inbox = new Inbox();
    let broken = false;
    const fdatasync = ((fd: number, done: (error: Error | null) => void) =>
      broken
        ? setImmediate(done, Object.assign(new Error('EIO'), { code: 'EIO' }))
        : SPOOL_FILES.fdatasync(fd, done)) as typeof SPOOL_FILES.fdatasync; // called like the original
    const log = await openLog(await makeFolder(), inbox, { sync: 'batch', files: { ...SPOOL_FILES, fdatasync } });
    const [first, lost, last] = [makeRow(), makeRow(), makeRow()];
    await log.append(definition, asRequest([first]));
    broken = true;
    expect(await faultOf(log.append(definition, asRequest([lost])))).toBe('storage-failed');
    broken = false;
    await log.append(definition, asRequest([last]));
    await log.startShipping();
    await until(() => inbox.rows.length >= 2, 'shipped');
    await log.close();
    expect(inbox.rows.map(({ id }) => id)).toEqual([first.id, last.id]);
  });

  it('the byte limit of the log is a full disk, too, until something was shipped', async () => {
    const inbox = new Inbox();
    const log = await openLog(await makeFolder(), inbox, { bytesMax: 3_000, segmentBytesMax: 1_000 });
    let answered = 0;
    let fault = 'answered';
    while (fault === 'answered') {
      fault = await faultOf(log.append(definition, asRequest([makeRow()])));
      if (fault === 'answered') answered += 1;
    }
    expect(fault).toBe('storage-full');
    await log.startShipping();
    await until(
      async () => (await faultOf(log.append(definition, asRequest([makeRow()])))) === 'answered',
      'space again',
    );
    await until(() => inbox.rows.length === answered + 1, 'shipped');
  });

  const mount = () => {
    const directory = execFileSync('mktemp', ['-d']).toString().trim();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', directory], { stdio: 'ignore' });
      return directory;
    } catch {
      execFileSync('rmdir', [directory]);
      return undefined;
    }
  };

  it('a really full file system refuses, keeps what was acknowledged, and takes more once space returns', async () => {
    const directory = mount();
    if (directory === undefined) {
      process.stderr.write(
        'skipped: a small file system can only be mounted by root; the injected disk above stands for it\n',
      );
      return;
    }
    cleanups.push(() => execFileSync('umount', ['-l', directory]));
    const inbox = new Inbox();
    const log = await openLog(directory, inbox, { segmentBytesMax: 20_000 });
    const acknowledged: string[] = [];
    for (let refusals = 0; refusals < 20; ) {
      const row = makeRow();
      const fault = await faultOf(log.append(definition, asRequest([row])));
      if (fault === 'answered') acknowledged.push(row.id);
      else {
        expect(fault).toBe('storage-full');
        refusals += 1;
      }
    }
    expect(acknowledged.length).toBeGreaterThan(100);
    await log.startShipping();
    await until(() => inbox.rows.length >= acknowledged.length, 'shipped');
    await until(async () => {
      const row = makeRow();
      const fault = await faultOf(log.append(definition, asRequest([row])));
      if (fault === 'answered') acknowledged.push(row.id);
      return fault === 'answered';
    }, 'space again');
    await until(() => inbox.rows.length === acknowledged.length, 'shipped');
    expect(inbox.rows.map(({ id }) => id)).toEqual(acknowledged);
  });
});
