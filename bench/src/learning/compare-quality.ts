import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Algorithm, Task } from '@gimbal/learning';
import { type Measurement, measure } from '../result.js';
import { type BothJudged, judgeBoth } from './judge-both.js';
import { LOSS_RATIO_MAX, scoreGoal } from './quality-goals.js';
import { type Setting, SHORT_NAMES } from './setting.js';
import type { BenchTable } from './tables/bench-table.js';
import { makeMixedTable } from './tables/make-mixed-table.js';
import { explainAbsence, PUBLIC_TABLES, readAsNumbers, readCsvTable } from './tables/read-public-tables.js';

const FAMILIES: Readonly<Record<'classes' | 'values', readonly Algorithm[]>> = {
  classes: ['logistic_regression', 'random_forest', 'gradient_boosting_level_wise', 'gradient_boosting_leaf_wise'],
  values: ['ridge_regression', 'random_forest', 'gradient_boosting_level_wise', 'gradient_boosting_leaf_wise'],
};
const EXPORT = new URL('../../src/learning/fits/export_sets.py', import.meta.url).pathname;
/** The tables that come with scikit-learn, as `export_sets.py` writes them. */
const BUNDLED = [
  { name: 'breast cancer', file: 'breast-cancer.csv', task: 'binary-classification' },
  { name: 'wine', file: 'wine.csv', task: 'multiclass-classification' },
  { name: 'diabetes', file: 'diabetes.csv', task: 'regression' },
] as const satisfies { readonly name: string; readonly file: string; readonly task: Task }[];

async function gatherTables({ data, python, folder, size, say }: Setting): Promise<BenchTable[]> {
  const tables: BenchTable[] = [];
  for (const table of Object.values(PUBLIC_TABLES)) {
    const absence = explainAbsence(data, table);
    if (absence !== null) say(`quality on ${table.name} skipped: ${absence}`);
    else if (data !== null) tables.push(await readCsvTable(data, table));
  }
  if (python === null) say("quality on scikit-learn's own tables skipped: no Python");
  else {
    await promisify(execFile)(python, [EXPORT, folder]);
    for (const table of BUNDLED) {
      tables.push(await readCsvTable(folder, { ...table, target: 'target', categorical: [], ignored: [] }));
    }
  }
  return [...tables, makeMixedTable(size === 'full' ? 12_000 : 600)];
}

function compareJudgements(
  { name, dataset }: BenchTable,
  algorithm: Algorithm,
  { ours, theirs, reference_name, deals }: BothJudged,
): Measurement[] {
  const [score, loss] = {
    'binary-classification': ['F1', 'log loss'],
    'multiclass-classification': ['macro F1', 'log loss'],
    regression: ['R2', 'RMSE'],
    'anomaly-detection': ['', ''],
  }[dataset.task];
  const work = (what: string | undefined): string => `quality: ${name}, ${SHORT_NAMES[algorithm]}, ${what}`;
  const mean = deals === 1 ? 'mean over folds' : `mean over the folds of ${deals} deals`;
  const reference = (of: 'score' | 'loss') => theirs?.[of].value ?? null;
  return [
    measure({
      work: work(score),
      unit: mean,
      ours: ours.score.value,
      reference: reference('score'),
      reference_name,
      goal: theirs && scoreGoal(dataset.rowCount, theirs.score),
    }),
    measure({
      work: work(loss),
      unit: dataset.task === 'regression' ? mean : `nats, ${mean}`,
      ours: ours.loss.value,
      reference: reference('loss'),
      reference_name,
      goal: { at_most: LOSS_RATIO_MAX },
    }),
  ];
}

/** Every family on every table: the same folds, the same parameters, judged by the same metrics. */
export async function compareQuality(setting: Setting): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const table of await gatherTables(setting)) {
    if (setting.tables !== null && !setting.tables.includes(table.name)) continue;
    for (const algorithm of FAMILIES[table.dataset.task === 'regression' ? 'values' : 'classes']) {
      // scikit-learn's forests know no categories: both sides are given codes.
      const given = algorithm === 'random_forest' ? readAsNumbers(table) : table;
      measurements.push(...compareJudgements(table, algorithm, await judgeBoth(setting, given, algorithm)));
    }
  }
  return measurements;
}
