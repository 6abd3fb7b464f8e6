import { execFileSync } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GimbalError } from '@gimbal/client';
import { requireServable } from '@gimbal/domain';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { trainBadModel } from '../src/demo/bad-model.js';
import { readHospitals } from '../src/demo/patients.js';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { admitPatients, expectAllInLog, MODEL, makeHome, Ward } from './ward.js';

// Disks of 8 MB under the prediction log and under the artifacts: full at a stroke, and free again.
jest.setTimeout(600_000);
let ward: Ward | undefined;
beforeAll(async () => {
  const home = await makeHome();
  const folders = [join(home, 'serving', 'spool'), join(home, 'artifacts')];
  for (const folder of folders) await mkdir(folder, { recursive: true });
  try {
    for (const folder of folders)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    process.stderr.write(
      'Tests on a full disk are skipped: only root can mount a small file system; prediction-log.int-spec.ts of serving injects the failure.\n',
    );
    await rm(home, { recursive: true, force: true });
    return;
  }
  ward = await Ward.open({}, home);
  await ward.trainFirstVersion();
});
afterAll(() => ward?.close());

/** Takes all space that is left. @returns gives it back */
async function fill(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'filler');
  const handle = await open(file, 'w');
  const block = Buffer.alloc(4_096, 1);
  try {
    for (;;) await handle.write(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error; // Node's own, of another realm than Jest's Error
  } finally {
    await handle.close();
  }
  return () => rm(file);
}

/** How a call was refused. */
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => ({ status: 200, code: 'answered' }),
    (error: unknown) => {
      if (error instanceof GimbalError) return { status: error.status, code: error.code };
      throw error;
    },
  );

it('no space for the prediction log: 503 storage-full, nothing acknowledged is lost, predictions go on by themselves when there is space', async () => {
  if (!ward) return; // skipped, with the reason on standard error
  const { home } = ward;
  const predictor = await ward.client('predictor');
  const seen = await admitPatients(ward, async () => {
    const free = await fill(join(home, 'serving', 'spool'));
    await eventually(async () =>
      expect(await refusal(predictor.predict('/predict', EXAMPLE_PATIENT))).toEqual({
        status: 503,
        code: 'storage-full',
      }),
    );
    await free();
  });
  expect([...seen.failed.keys()].filter((code) => code !== 'storage-full')).toEqual([]);
  await expectAllInLog(ward, seen);
});

it('no space for artifacts: an upload is refused with 503 storage-full and leaves no version; a training waits for space and makes one', async () => {
  if (!ward) return; // as above
  const patients = await (await readHospitals(join(ward.home, 'data', MODEL))).patientsOf('cleveland');
  const operator = await ward.client('operator');
  const { signature } = requireServable(await operator.call('getVersion', { params: { model: MODEL, version: 1 } }));
  const upload = () =>
    operator.upload('registerVersion', { model: MODEL }, trainBadModel({ patients, signature, parentVersion: 1 }));
  const free = await fill(join(ward.home, 'artifacts'));
  // More than once: who is still sending must see the refusal, not a broken connection.
  for (let turn = 0; turn < 5; turn++) expect(await refusal(upload())).toEqual({ status: 503, code: 'storage-full' });
  const id = await ward.requestTraining({ promote: 'never', seed: 5 });
  const log = join(ward.home, 'logs', 'registry.log');
  await eventually(async () => {
    const lines = (await readFile(log, 'utf8')).split('\n');
    const refused = lines.filter((line) => line.includes('"status":503') && line.includes('"caller":"training"'));
    expect(refused.length).toBeGreaterThan(0);
  });
  expect(await operator.call('getTrainingRun', { params: { id } })).toMatchObject({ state: 'running' });
  expect(await ward.answers()).toBe(1);
  await free();
  expect(await ward.endedTraining(id)).toMatchObject({ state: 'succeeded', outcome: { version: 2 } });
  expect((await upload()).version).toBe(3);
});
