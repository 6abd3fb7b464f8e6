import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadDefinitions } from '../data/load-definitions.js';
import { loadModelConfig } from './load-model-config.js';

const EXAMPLES = join(import.meta.dirname, '../../../../examples');
let place: string;
let whole: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'model-config-'));
  whole = await readFile(join(EXAMPLES, 'model_config.yml'), 'utf8');
});
afterAll(() => rm(place, { recursive: true }));

const load = async (text: string) => {
  await writeFile(join(place, 'model_config.yml'), text);
  return await loadModelConfig(join(place, 'model_config.yml'), await loadDefinitions(join(EXAMPLES, 'datasets')));
};

describe('loadModelConfig', () => {
  it('reads the file that ships, with all four families', async () => {
    const { algorithms, testSize } = await load(whole);
    expect(algorithms.size).toBe(4);
    expect(testSize).toBe(0.3);
  });

  it('takes the names of well-known libraries for their families', async () => {
    const { algorithms } = await load(whole.replace('gradient-boosting-level-wise', 'xgboost'));
    expect(algorithms.get('gradient-boosting-level-wise')).toMatchObject({ n_estimators: 80 });
  });

  it.each([
    ['test_size: 0.3', 'test_size: 0.05', 'test_size'],
    ['dataset: heart-disease', 'dataset: titanic', 'no definition named titanic'],
    ['[cleveland]', '[zurich]', 'has no part zurich'],
    ['random-forest', 'perceptron', 'algorithms.perceptron'],
    ['max_depth: 3', 'max_depth: -3', 'max_depth'],
    ['max_depth: 3', 'depth: 3', 'depth'],
    ['seed: 20', 'seed: 20\nepochs: 3', 'epochs'],
  ])('refuses "%s" as "%s"', async (right, wrong, message) => {
    await expect(load(whole.replace(right, wrong))).rejects.toThrow(message);
  });

  it('lists every mistake at once', async () => {
    const broken = whole.replace('random-forest', 'perceptron').replace('[cleveland]', '[zurich]');
    await expect(load(broken)).rejects.toThrow(/zurich[\s\S]*perceptron/);
  });
});
