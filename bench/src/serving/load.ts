import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuSeconds } from '../processes.js';
import type { Contender } from './contenders.js';

const run = promisify(execFile);

/** Bodies that one load sends. */
export interface Body {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of all processes of the contender. */
  readonly cpuMicrosecondsPerRequest: number;
}

/** Core of the contender's processes, and of the load. */
export const [SERVER_CORE, LOAD_CORE] = ['0', '1'] as const;

/** Whether this machine has what the benchmark loads servers with. */
export async function explainAbsence(): Promise<string | null> {
  const has = (program: string) =>
    run('which', [program]).then(
      () => true,
      () => false,
    );
  for (const program of ['wrk', 'taskset']) if (!(await has(program))) return `${program} is not installed`;
  return null;
}

/** Keeps every thread of these processes on one core. */
export async function pin(pids: readonly number[], core: string = SERVER_CORE): Promise<void> {
  for (const pid of pids) await run('taskset', ['-acp', core, String(pid)]);
}

const AT_ONCE = ['--rr', '1'] as const;

/**
 * What `taskset` is to be told so that a command loads servers: on the core of the load, and there, where the system permits it, whenever it wakes.
 * What else is on that core would look like a delay of the server's.
 */
export async function asLoad(command: readonly string[]): Promise<string[]> {
  const precedence = await run('chrt', [...AT_ONCE, 'true']).then(
    () => ['chrt', ...AT_ONCE],
    () => [], // not permitted, or not installed
  );
  return ['-c', LOAD_CORE, ...precedence, ...command];
}

const lua = (text: Buffer | string): string =>
  `"${Array.from(Buffer.from(text), (byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;

function milliseconds(text: string | undefined): number {
  const [, number = 'NaN', unit = ''] = /^([\d.]+)(us|ms|s|m)$/.exec(text ?? '') ?? [];
  return Number(number) * ({ us: 1e-3, ms: 1, s: 1e3, m: 6e4 }[unit] ?? Number.NaN);
}

export interface LoadPlan {
  readonly connections: number;
  readonly seconds: number;
  readonly folder: string;
}

/** Sends `body` over and over for `seconds`, on a core of its own. @throws Error when an answer was not 200 */
export async function load(
  { url, headers, pids, name }: Contender,
  body: Body,
  { connections, seconds, folder }: LoadPlan,
): Promise<LoadResult> {
  const script = join(folder, 'load.lua');
  const lines = Object.entries({ 'content-type': 'application/json', ...headers, ...body.headers }).map(
    ([header, value]) => `wrk.headers[${lua(header)}] = ${lua(value)}`,
  );
  await writeFile(script, `wrk.method = "POST"\nwrk.body = ${lua(body.bytes)}\n${lines.join('\n')}\n`);
  const before = await cpuSeconds(pids);
  const timing = [`-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '--latency'];
  const { stdout } = await run('taskset', await asLoad(['wrk', '-t1', ...timing, '-s', script, url]));
  const cpu = (await cpuSeconds(pids)) - before;
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${name} did not answer every request:\n${stdout}`);
  const find = (pattern: RegExp): string | undefined => pattern.exec(stdout)?.[1];
  const requests = Number(find(/(\d+) requests in/));
  return {
    requestsPerSecond: Number(find(/Requests\/sec:\s+([\d.]+)/)),
    p50Ms: milliseconds(find(/50%\s+(\S+)/)),
    p99Ms: milliseconds(find(/99%\s+(\S+)/)),
    cpuMicrosecondsPerRequest: (cpu / requests) * 1e6,
  };
}
