import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { GimbalClient } from '@gimbal/client';
import { createRandom } from '@gimbal/learning';
import type { Installation } from '../installation.js';

export const FEATURES = 50;
const ROWS = 6_000;

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Rows as callers send them: four digits behind the point, within what the model has seen. */
export function makeRows(count: number): number[] {
  const random = createRandom(11);
  return Array.from({ length: count * FEATURES }, () => round(random.nextFloat() * 1.9 - 0.95));
}

function makeTable(): string {
  const random = createRandom(7);
  const lines = [[...Array.from({ length: FEATURES }, (_, column) => `f${column}`), 'y'].join(',')];
  for (let row = 0; row < ROWS; row++) {
    const values = Array.from({ length: FEATURES }, () => round(random.nextFloat() * 2 - 1));
    const [a = 0, b = 0, c = 0, d = 0] = values;
    lines.push([...values, Number(3 * a * b + 2 * c - 1.5 * d * d + random.nextFloat() * 0.6 > 0)].join(','));
  }
  return `${lines.join('\n')}\n`;
}

const POLL_MS = 200;

/** Trains the model `bench` (leaf-wise boosting, 100 trees, 50 columns) and makes it live. @returns its ONNX file */
export async function prepareModel({ url, keys }: Installation, home: string): Promise<string> {
  const client = new GimbalClient({ url, apiKey: keys['operator'] ?? '' });
  const form = new FormData();
  form.append('metadata', JSON.stringify({ name: 'bench', target: 'y' }));
  form.append('file', new Blob([makeTable()]), 'bench.csv');
  await client.upload('addDataset', {}, form);
  const body = { dataset: 'bench', algorithms: ['lightgbm'] };
  const { trainingRunId: id } = await client.call('retrain', { body });
  for (;;) {
    const { state, error } = await client.call('getTrainingRun', { params: { id } });
    if (state === 'failed' || state === 'cancelled') throw new Error(`training ${state}: ${error?.message}`);
    if (state === 'succeeded') break;
    await setTimeout(POLL_MS);
  }
  const { artifactDigest } = await client.call('getVersion', { params: { model: 'bench', version: 1 } });
  if (artifactDigest === null) throw new Error('The bench model has no file that serving can run.');
  return join(home, 'artifacts/sha256', artifactDigest.slice(0, 2), artifactDigest);
}
