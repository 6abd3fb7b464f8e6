import { execFile } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSeededRng } from '@gimbal/domain';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { customers, upload } from './customer-table.js';
import { endedRun, type RunningService, requestRun, startHarness, type TrainingHarness } from './training-harness.js';

const PROGRAM = join(import.meta.dirname, 'fit-large-table.mjs');
const [ROWS, COLUMNS] = [900_000, 60];
const MIB = 1_048_576;
const BLOCK_ROWS = 10_000;
/** What a training may take: half as much again as the bins, and 300 MB. */
const LIMIT_MIB = (1.5 * ROWS * COLUMNS + 300e6) / MIB;
const MINUTES = 300_000;
/** As the product starts a training. */
const STARTED = {
  NODE_OPTIONS: '--max-semi-space-size=2',
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'large-table-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function fit(storage: 'disk' | 'memory', algorithm: string) {
  const size = [String(ROWS), String(COLUMNS)];
  const env = { ...process.env, ...STARTED };
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, storage, place, algorithm, ...size], {
    env,
  });
  return JSON.parse(stdout) as { peak_mib: number; model: string; answers: string };
}

it.each(['xgboost', 'lightgbm'])(
  '%s learns from the disk what it learns in memory, bit for bit, within half as much again as the bins and 300 MB',
  async (algorithm) => {
    const [fromDisk, inMemory] = [await fit('disk', algorithm), await fit('memory', algorithm)];
    expect([fromDisk.model, fromDisk.answers]).toEqual([inMemory.model, inMemory.answers]);
    expect(fromDisk.peak_mib).toBeLessThan(LIMIT_MIB);
    expect(inMemory.peak_mib).toBeGreaterThan(LIMIT_MIB); // or the limit would prove nothing
  },
  MINUTES,
);

/** A training of the table; whatever comes of it, nothing is left on the disk. The folder is made with the first file. */
async function train(harness: TrainingHarness, limited: RunningService, body: object) {
  const run = await endedRun(limited, await requestRun(limited, { dataset: 'large', ...body }));
  expect(await readdir(harness.cacheFolder).catch(() => [])).toEqual([]);
  return run;
}

/** Whole numbers below 100, of which the first three decide the target. */
async function writeTable(path: string): Promise<void> {
  const rng = createSeededRng(5);
  const file = await open(path, 'w');
  await file.write(`${Array.from({ length: COLUMNS }, (_, j) => `x${j}`).join(',')},y\n`);
  for (let row = 0; row < ROWS; row += BLOCK_ROWS) {
    const lines = Array.from({ length: BLOCK_ROWS }, () => {
      const values = Array.from({ length: COLUMNS }, () => Math.floor(100 * rng()));
      const sum = values.slice(0, 3).reduce((a, b) => a + b, 80 * rng() - 40);
      return `${values.join(',')},${sum > 150 ? 'yes' : 'no'}\n`;
    });
    await file.write(lines.join(''));
  }
  await file.close();
}

/** Few trees and folds: what is held is the same with many. */
const MODEL_CONFIG = `
model: heart-disease
dataset: heart-disease
parts: [cleveland]
seed: 20
test_size: 0.3
folds: 2
experiment: heart-disease
algorithms: { xgboost: {} }
tables: { wide: { algorithms: { xgboost: { n_estimators: 5 }, lightgbm: { n_estimators: 5 } } } }
`;

it('goes from a file to a registered version within half as much again as the bins and 400 MB', async () => {
  const [table, config] = [join(place, 'wide.csv'), join(place, 'model_config.yml')];
  await Promise.all([writeTable(table), writeFile(config, MODEL_CONFIG)]);
  const harness = await startHarness();
  try {
    await upload(harness.registry, { name: 'wide', target: 'y' }, await openAsBlob(table));
    const limited = { TRAINING_TABLE_MEMORY: '100', MODEL_CONFIG: config };
    const training = await harness.startTraining({ ...STARTED, ...limited });
    const run = await endedRun(training, await requestRun(training, { dataset: 'wide' }), 2 * MINUTES);
    expect(run).toMatchObject({ state: 'succeeded', rows: { training: 630_000, holdout: 270_000 } });
    const status = await readFile(`/proc/${training.process.pid}/status`, 'utf8');
    const peakMib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024;
    expect(peakMib).toBeLessThan((1.5 * ROWS * COLUMNS + 400e6) / MIB);
  } finally {
    await harness.dispose();
  }
}, 900_000);

it('asks of a training which families fit, and gives the same version from the disk as from memory', async () => {
  const harness = await startHarness();
  try {
    const definition = { columns: [{ name: 'tier', type: 'ignored' }], target: null };
    await upload(harness.registry, { name: 'large', target: 'churned', definition }, customers(80_000, 9));
    const limited = await harness.startTraining({ TRAINING_TABLE_MEMORY: '1' });
    const refused = await train(harness, limited, { algorithms: ['random-forest', 'xgboost'] });
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'table-too-large' } });
    expect(refused.error.message).toContain('random-forest: 2 MiB of memory for 80,000 rows of 4 inputs');
    const fromDisk = await train(harness, limited, {});
    expect(fromDisk).toMatchObject({ state: 'succeeded', rows: { training: 56_000, holdout: 24_000 } });
    expect(fromDisk.warnings.map(({ code }: { code: string }) => code)).toContain('family-left-out');
    expect(fromDisk.candidates).toHaveLength(2);
    await limited.stop();
    const algorithms = ['xgboost', 'lightgbm'];
    const inMemory = await train(harness, await harness.startTraining(), { algorithms });
    const versionOf = async (version: number) =>
      (await harness.registry.call({ path: `/api/v1/models/large/versions/${version}` })).body;
    const [first, second] = [await versionOf(1), await versionOf(2)];
    expect(inMemory.outcome.version).toBe(2);
    expect(first.artifact_digest).toBe(second.artifact_digest);
    expect(first.reference_profile_digest).toBe(second.reference_profile_digest);
    expect([first.signature, first.evaluation.holdout]).toEqual([second.signature, second.evaluation.holdout]);
  } finally {
    await harness.dispose();
  }
}, 600_000);
