import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { proportionalMebibytes } from '../processes.js';
import { byTurns, compare } from './by-turns.js';
import type { Contender } from './contenders.js';
import type { MeasureRegistry, RegistrySetting } from './setting.js';
import { makeExperiment, makeRun } from './writes.js';

const SIZES = { full: 2 * 1024 ** 3, quick: 8 * 1024 ** 2 } as const;
const PIECE = Buffer.alloc(1 << 20, 'gimbal');
const SAMPLE_MS = 200;
/** Two readings of memory so far apart, without growth between them. */
const SETTLED_MS = 5_000;

interface Transfer {
  readonly megabytesPerSecond: number;
  /** Most of all processes of the server while the file passed. */
  readonly mebibytes: number;
  /** The same without what they had before. */
  readonly mebibytesAdded: number;
}

interface Memory {
  readonly before: number;
  readonly most: number;
}

/** Runs `work` and looks at the server's memory all the time. */
async function watchMemory(contender: Contender, work: () => Promise<void>): Promise<Memory> {
  const pids = await contender.pids();
  const before = await proportionalMebibytes(pids);
  const watch = { isOver: false, most: before };
  const watching = (async () => {
    while (!watch.isOver) {
      await sleep(SAMPLE_MS);
      watch.most = Math.max(watch.most, await proportionalMebibytes(pids));
    }
  })();
  try {
    await work();
  } finally {
    watch.isOver = true;
    await watching;
  }
  return { before, most: watch.most };
}

const fileUrl = ({ url }: Contender, path: string): string => `${url}/api/2.0/mlflow-artifacts/artifacts/${path}`;

function upload(contender: Contender, path: string, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...contender.headers, 'content-type': 'application/octet-stream', 'content-length': bytes };
    const call = request(fileUrl(contender, path), { method: 'PUT', headers }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${contender.name} answered ${answer.statusCode}`)),
      );
    });
    call.on('error', reject);
    let left = bytes;
    const write = (): void => {
      while (left > 0) {
        left -= PIECE.length;
        if (!call.write(PIECE)) return void call.once('drain', write);
      }
      call.end();
    };
    write();
  });
}

function download(contender: Contender, path: string, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(fileUrl(contender, path), { headers: contender.headers }, (answer) => {
      let got = 0;
      answer.on('data', (part: Buffer) => (got += part.length));
      answer.once('end', () =>
        got === bytes ? resolve() : reject(new Error(`${contender.name} gave ${got} of ${bytes} bytes`)),
      );
    });
    call.on('error', reject);
    call.end();
  });
}

/** Not every disk has room for the files of all rounds. */
async function remove(contender: Contender, path: string): Promise<void> {
  const { ok, status } = await fetch(fileUrl(contender, path), { method: 'DELETE', headers: contender.headers });
  if (!ok) throw new Error(`${contender.name} answered ${status} to the removal of a file`);
}

async function transfer(contender: Contender, bytes: number, work: () => Promise<void>): Promise<Transfer> {
  const begun = performance.now();
  const { before, most } = await watchMemory(contender, work);
  const seconds = (performance.now() - begun) / 1000;
  return { megabytesPerSecond: bytes / 1e6 / seconds, mebibytes: most, mebibytesAdded: most - before };
}

type ThereAndBack = Readonly<Record<'up' | 'down', Transfer>>;

async function sendThereAndBack(contender: Contender, bytes: number): Promise<ThereAndBack> {
  const experiment = await makeExperiment(contender);
  const path = `${experiment}/${await makeRun(contender, experiment)}/artifacts/large.bin`;
  const up = await transfer(contender, bytes, () => upload(contender, path, bytes));
  const down = await transfer(contender, bytes, () => download(contender, path, bytes));
  await remove(contender, path);
  return { up, down };
}

/** The reference as it comes by default. Its figures are of memory alone: it starts when nothing else is measured any more. */
async function sendWithJobs({ startReferenceWithJobs, rounds }: RegistrySetting, bytes: number) {
  if (!startReferenceWithJobs) return { reference: null, results: [] };
  const reference = await startReferenceWithJobs();
  try {
    await awaitAllProcesses(reference);
    const results: ThereAndBack[] = [];
    for (let round = 0; round < rounds; round++) results.push(await sendThereAndBack(reference, bytes));
    return { reference, results };
  } finally {
    await reference.stop();
  }
}

/** A server answers before the last of its processes is there. */
async function awaitAllProcesses(contender: Contender): Promise<void> {
  const measure = async (): Promise<number> => proportionalMebibytes(await contender.pids());
  for (let before = 0, now = await measure(); now > before * 1.01; before = now, now = await measure())
    await sleep(SETTLED_MS);
}

/** One large file there and back, through the server: memory is that of all its processes, what they share counted once. */
export const artifacts: MeasureRegistry = async (setting) => {
  const bytes = SIZES[setting.size];
  const results = await byTurns(setting, (contender) => sendThereAndBack(contender, bytes));
  const withJobs = await sendWithJobs(setting, bytes);
  const file = `an artifact of ${Math.round(bytes / 1e6)} MB`;
  return (['up', 'down'] as const).flatMap((way) => [
    compare(setting, results, {
      work: `${file} ${way}`,
      unit: 'MB/s',
      goal: { at_least: 1 },
      figure: (result) => result[way].megabytesPerSecond,
    }),
    compare(
      { ...setting, reference: withJobs.reference },
      { ours: results.ours, reference: withJobs.results },
      {
        work: `memory of the server while ${file} goes ${way}`,
        unit: 'MiB',
        goal: { at_most: 0.25 },
        figure: (result) => result[way].mebibytes,
      },
    ),
    compare(setting, results, {
      work: `memory of the server while ${file} goes ${way}`,
      unit: 'MiB',
      goal: null,
      figure: (result) => result[way].mebibytes,
    }),
    compare(setting, results, {
      work: `memory that ${file} adds on its way ${way}`,
      unit: 'MiB',
      goal: null,
      figure: (result) => result[way].mebibytesAdded,
    }),
  ]);
};
