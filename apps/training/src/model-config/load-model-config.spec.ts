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

  it('reads the search and the tables that the shipped file shows as comments', async () => {
    const { search, tables } = await load(whole.replaceAll(/^# (search:|tables:| )/gm, '$1'));
    expect(search).toMatchObject({ method: 'tpe', trials: 30, minutes: 10 });
    expect(Object.keys(search?.spaces ?? {})).toEqual(['gradient-boosting-leaf-wise', 'random-forest']);
    expect(tables.get('churn')).toMatchObject({ testSize: 0.2, folds: 10 });
    expect(tables.get('churn')?.algorithms?.get('gradient-boosting-leaf-wise')).toEqual({ num_leaves: 16 });
    expect(await load(whole)).toMatchObject({ search: null, tables: new Map() });
  });

  it.each([
    ['{ method: grid, trials: 3, spaces: { lightgbm: { num_leaves: { low: 4, high: 8 } } } }', 'search.method'],
    ['{ method: tpe, trials: 0, spaces: { lightgbm: { num_leaves: { low: 4, high: 8 } } } }', 'search.trials'],
    ['{ method: tpe, trials: 9, spaces: {} }', 'search.spaces'],
    ['{ method: tpe, trials: 9, spaces: { perceptron: { depth: { low: 1, high: 2 } } } }', 'search.spaces.perceptron'],
    ['{ method: tpe, trials: 9, spaces: { lightgbm: { leaves: { low: 4, high: 8 } } } }', '"leaves" is unknown'],
    ['{ method: tpe, trials: 9, spaces: { lightgbm: { num_leaves: { low: 8, high: 4 } } } }', 'needs low < high'],
    ['{ method: tpe, trials: 9, spaces: { lightgbm: { learning_rate: { low: 0, high: 1, log: true } } } }', 'low > 0'],
    ['{ method: tpe, trials: 9, spaces: { lightgbm: { num_leaves: { low: 1, high: 4 } } } }', 'num_leaves must be'],
    [
      '{ method: tpe, trials: 9, resource: n_estimators, spaces: { lightgbm: { num_leaves: { low: 4, high: 8 } } } }',
      'search.resource',
    ],
    [
      '{ method: halving, trials: 9, resource: n_estimators, spaces: { lightgbm: { n_estimators: { low: 4, high: 8 } } } }',
      'what is halved',
    ],
  ])('refuses the search %s', async (search, message) => {
    await expect(load(`${whole}\nsearch: ${search}\n`)).rejects.toThrow(message);
    await expect(load(`${whole}\ntables: { sales: { search: ${search} } }\n`)).rejects.toThrow(message);
  });

  it('refuses what is wrong with a table, and takes a table that is not there yet', async () => {
    await expect(load(`${whole}\ntables: { sales: { folds: 1 } }\n`)).rejects.toThrow('tables.sales.folds');
    await expect(load(`${whole}\ntables: { sales: { algorithms: { perceptron: {} } } }\n`)).rejects.toThrow(
      'tables.sales.algorithms.perceptron',
    );
    expect((await load(`${whole}\ntables: { sales: { seed: 3 } }\n`)).tables.get('sales')).toEqual({ seed: 3 });
  });

  it('lists every mistake at once', async () => {
    const broken = whole.replace('random-forest', 'perceptron').replace('[cleveland]', '[zurich]');
    await expect(load(broken)).rejects.toThrow(/zurich[\s\S]*perceptron/);
  });
});
