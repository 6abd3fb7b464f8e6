import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gimbal/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { SupervisedProcess } from './supervised-process.js';

const READY = "process.send({ type: 'ready', url: 'http://127.0.0.1:1' }); setInterval(() => {}, 1000);";
let folder: string;
let subject: SupervisedProcess | undefined;
const seen = { lines: [] as string[], ready: [] as number[], deaths: [] as { how: string; wait: number }[] };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-supervised-'));
  for (const list of Object.values(seen)) list.length = 0;
});
afterEach(async () => {
  await subject?.stop(2_000);
  await rm(folder, { recursive: true });
});

async function supervise(script: string): Promise<SupervisedProcess> {
  const file = join(folder, 'child.mjs');
  await writeFile(file, script);
  subject = new SupervisedProcess(
    { name: 'child', url: '', script: file, nodeFlags: [], env: { PATH: process.env['PATH'] ?? '' } },
    {
      onLine: (_, line) => seen.lines.push(line),
      onReady: (_, pid) => seen.ready.push(pid),
      onDeath: (_, how, wait) => seen.deaths.push({ how, wait }),
    },
  );
  return subject;
}

it('starts a process that was killed again, each time after a longer wait', async () => {
  await (await supervise(READY)).start();
  for (const count of [1, 2]) {
    process.kill(seen.ready.at(-1) ?? 0, 'SIGKILL');
    await eventually(() => expect(seen.ready).toHaveLength(count + 1));
  }
  expect(seen.deaths).toEqual([
    { how: 'signal SIGKILL', wait: 200 },
    { how: 'signal SIGKILL', wait: 400 },
  ]);
});

it('says what a process that never became ready had to say', async () => {
  await expect((await supervise("console.error('port 1: must be free'); process.exit(78)")).start()).rejects.toThrow(
    /did not start \(exit code 78\):\nport 1: must be free/,
  );
});

it('stops on request, by force when it must, and does not start it again', async () => {
  const stubborn = await supervise(`process.on('SIGTERM', () => {}); ${READY}`);
  await stubborn.start();
  await stubborn.stop(200);
  expect(stubborn.pid).toBeUndefined();
  expect(seen.deaths).toEqual([]);
});
