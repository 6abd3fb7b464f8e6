import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, GimbalProcesses, SOURCE_FLAGS } from '@gimbal/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ExperimentManager } from '../src/index.js';
import { clientOf } from './client-of.js';

const PROGRAM = fileURLToPath(new URL('./log-until-killed.ts', import.meta.url));

let gimbal: GimbalProcesses;
let folder: string;
beforeAll(async () => {
  gimbal = await GimbalProcesses.start();
});
afterAll(() => gimbal.dispose());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-killed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the program and kills it when it has acknowledged so many points. @returns the run and the last acknowledged step */
async function logAndKill(points: number): Promise<{ runId: string; lastStep: number }> {
  const acknowledged = join(folder, 'acknowledged');
  const program = [...SOURCE_FLAGS, PROGRAM, folder, acknowledged, gimbal.url, gimbal.keyOf('operator')];
  const child = spawn(process.execPath, program, { stdio: 'inherit' });
  const exit = once(child, 'exit');
  const read = async () => (await readFile(acknowledged, 'utf8')).split('\n').slice(0, -1);
  await eventually(async () => expect((await read()).length).toBeGreaterThan(points), { intervalMs: 5 });
  child.kill('SIGKILL');
  await exit;
  const lines = await read();
  return { runId: lines[0] ?? '', lastStep: Number(lines.at(-1)) };
}

async function stepsOf(runId: string): Promise<number[]> {
  const history = clientOf(gimbal, 'viewer').each('metricHistory', {
    params: { id: runId, key: 'loss' },
    query: { limit: 1_000 },
  });
  const steps: number[] = [];
  for await (const { step } of history) steps.push(step);
  return steps.reverse();
}

/** The next program on the same buffer. */
async function syncWhatIsLeft() {
  const manager = new ExperimentManager({
    registry: { url: gimbal.url, apiKey: gimbal.keyOf('operator') },
    offlineDir: folder,
    sync: 'manual',
  });
  return await manager.sync();
}

it.each([40, 700, 3_000])(
  'kill -9 after %d points, with the gateway there: every acknowledged point is stored once',
  async (points) => {
    const { runId, lastStep } = await logAndKill(points);
    expect(await syncWhatIsLeft()).toMatchObject({ runsSent: 1, runsLeft: 0, conflicts: [], stoppedBy: null });
    const steps = await stepsOf(runId);
    expect(steps).toEqual(Array.from(steps.keys())); // none twice, none left out
    // One point may have been written and not acknowledged any more.
    expect([lastStep, lastStep + 1]).toContain(steps.at(-1));
    expect((await clientOf(gimbal, 'viewer').call('getRun', { params: { id: runId } })).state).toBe('killed');
  },
);

it('kill -9 while the gateway is away: the next program sends it all when it is back', async () => {
  const bringBack = await gimbal.takeGatewayAway();
  const { runId, lastStep } = await logAndKill(500);
  expect((await syncWhatIsLeft()).stoppedBy).not.toBeNull();
  await bringBack();
  expect(await syncWhatIsLeft()).toMatchObject({ runsSent: 1, stoppedBy: null });
  const steps = await stepsOf(runId);
  expect(steps).toEqual(Array.from(steps.keys()));
  expect([lastStep, lastStep + 1]).toContain(steps.at(-1));
});
