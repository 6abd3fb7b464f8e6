import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { decodeRecords, type LoggedRow } from '@gimbal/contracts';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  asRequest,
  cleanUp,
  definition,
  Inbox,
  makeFolder,
  makeRow,
  makeRows,
  openLog,
  segmentsIn,
  until,
} from '../../test/opened-log.js';
import type { PredictionLogOptions } from './prediction-log.js';
import { SpoolReader } from './spool-reader.js';

afterEach(cleanUp);

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

  it('what is written while a job is on its way waits for company, so that load does not make jobs of a few rows', async () => {
    const inbox = new Inbox();
    let release: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun = 0;
    const publish: PredictionLogOptions['publish'] = async (jobId, job) => {
      begun += 1;
      if (begun === 1) await first;
      await inbox.publish(jobId, job);
    };
    const log = await openLog(await makeFolder(), inbox, { publish, delayMs: 60_000 });
    await log.append(definition, asRequest([makeRow()]));
    await log.startShipping();
    await until(() => begun === 1, 'the first job on its way');
    await log.append(definition, asRequest([makeRow()]));
    release();
    await until(() => log.state.shippedRows === 1, 'the first job');
    await wait(50); // time enough to ship the second row alone
    await log.append(definition, asRequest([makeRow()]));
    await log.close();
    expect(Array.from(inbox.jobs.values(), ({ rows }) => rows)).toEqual([1, 2]);
  });

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
