import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender } from './contenders.js';
import { asLoad, type Body } from './load.js';
import type { SenderPlan, SenderResult } from './open-loop-sender.js';

const run = promisify(execFile);
const SENDER = new URL('open-loop-sender.js', import.meta.url).pathname;
const CONNECTIONS = 128;
const WARM_SECONDS = 1;
/** So that a collection of the sender's own takes little. */
const YOUNG_MB = 1;

export interface OpenLoad {
  readonly requestsPerSecond: number;
  readonly seconds: number;
  readonly folder: string;
}

/** Sends `body` at random times, so many a second on average however slowly it is answered. @throws Error when an answer was not 200 */
export async function loadAtRandom(
  { url, headers, name }: Contender,
  body: Body,
  { requestsPerSecond, seconds, folder }: OpenLoad,
): Promise<SenderResult> {
  const plan: SenderPlan = {
    ...{ url, requestsPerSecond, seconds, warmSeconds: WARM_SECONDS, connections: CONNECTIONS },
    headers: { 'content-type': 'application/json', ...headers, ...body.headers },
    body: body.bytes.toString('base64'),
  };
  const file = join(folder, 'open-loop.json');
  await writeFile(file, JSON.stringify(plan));
  const sender = [process.execPath, `--max-semi-space-size=${YOUNG_MB}`, SENDER, file];
  const { stdout } = await run('taskset', await asLoad(sender)).catch((error: unknown) => {
    throw new Error(`${name} was not loaded: ${String(error)}`);
  });
  return JSON.parse(stdout) as SenderResult; // as the sender wrote it
}
