import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { proportionalMebibytes } from '../processes.js';
import { byTurns, compare } from './by-turns.js';
import type { Contender } from './contenders.js';
import type { MeasureRegistry } from './setting.js';
import { makeExperiment, makeRun } from './writes.js';

const SIZES = { full: 2 * 1024 ** 3, quick: 8 * 1024 ** 2 } as const;
const PIECE = Buffer.alloc(1 << 20, 'gimbal');
const SAMPLE_MS = 200;

interface Transfer {
  readonly megabytesPerSecond: number;
  /** Most of all processes of the server while the file passed. */
  readonly mebibytes: number;
}

/** Runs `work` and looks at the server's memory all the time. */
async function watchMemory(contender: Contender, work: () => Promise<void>): Promise<number> {
  const pids = await contender.pids();
  const watch = { isOver: false, most: await proportionalMebibytes(pids) };
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
  return watch.most;
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

/** One large file there and back, through the server: memory is that of all its processes, what they share counted once. */
export const artifacts: MeasureRegistry = async (setting) => {
  const bytes = SIZES[setting.size];
  const transfer = async (contender: Contender, work: () => Promise<void>): Promise<Transfer> => {
    const begun = performance.now();
    const mebibytes = await watchMemory(contender, work);
    return { mebibytes, megabytesPerSecond: bytes / 1e6 / ((performance.now() - begun) / 1000) };
  };
  const results = await byTurns(setting, async (contender) => {
    const experiment = await makeExperiment(contender);
    const path = `${experiment}/${await makeRun(contender, experiment)}/artifacts/large.bin`;
    const up = await transfer(contender, () => upload(contender, path, bytes));
    const down = await transfer(contender, () => download(contender, path, bytes));
    await remove(contender, path);
    return { up, down };
  });
  const megabytes = Math.round(bytes / 1e6);
  return (['up', 'down'] as const).flatMap((way) => [
    compare(setting, results, {
      work: `artifact of ${megabytes} MB ${way}`,
      unit: 'MB/s',
      goal: { at_least: 1 },
      figure: (result) => result[way].megabytesPerSecond,
    }),
    compare(setting, results, {
      work: `memory while an artifact of ${megabytes} MB goes ${way}`,
      unit: 'MiB',
      goal: { at_most: 0.25 },
      figure: (result) => result[way].mebibytes,
    }),
  ]);
};
