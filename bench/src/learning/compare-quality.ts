import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Algorithm, Dataset, Task } from '@gimbal/learning';
import { type Measurement, measure } from '../result.js';
import type { Side } from './fits/requests.js';
import { type Estimate, type Judgement, joinJudgements, judgeAnswers, readAnswers } from './judge-answers.js';
import { chooseParameters, nameReference, placeTable, type Setting, SHORT_NAMES } from './setting.js';
import type { BenchTable } from './tables/bench-table.js';
import { makeMixedTable } from './tables/make-mixed-table.js';
import { explainAbsence, foldTable, PUBLIC_TABLES, readAsNumbers, readCsvTable } from './tables/read-public-tables.js';

const FAMILIES: Readonly<Record<'classes' | 'values', readonly Algorithm[]>> = {
  classes: ['logistic_regression', 'random_forest', 'gradient_boosting_level_wise', 'gradient_boosting_leaf_wise'],
  values: ['ridge_regression', 'random_forest', 'gradient_boosting_level_wise', 'gradient_boosting_leaf_wise'],
};
/** Up to so many rows the rows are dealt into folds ten times. */
const FEW_ROWS = 2000;
/** Above so many rows the score may not differ by more than {@link SCORE_DIFFERENCE_MAX}, in either direction. */
const MANY_ROWS = 10_000;
const SCORE_DIFFERENCE_MAX = 0.01;
const LOSS_RATIO_MAX = 1.01;

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

function scoreGoal(rowCount: number, reference: Estimate): Measurement['goal'] {
  const allowed = rowCount > MANY_ROWS ? Math.min(reference.error, SCORE_DIFFERENCE_MAX) : reference.error;
  const at_least = 1 - allowed / reference.value;
  return rowCount > MANY_ROWS ? { at_least, at_most: 1 + SCORE_DIFFERENCE_MAX / reference.value } : { at_least };
}

function compareJudgements(
  { name, dataset }: BenchTable,
  algorithm: Algorithm,
  { ours, theirs, reference_name }: { ours: Judgement; theirs: Judgement | null; reference_name: string },
): Measurement[] {
  const [score, loss] = {
    'binary-classification': ['F1', 'log loss'],
    'multiclass-classification': ['macro F1', 'log loss'],
    regression: ['R2', 'RMSE'],
    'anomaly-detection': ['', ''],
  }[dataset.task];
  const work = (what: string | undefined): string => `quality: ${name}, ${SHORT_NAMES[algorithm]}, ${what}`;
  const reference = (of: 'score' | 'loss') => theirs?.[of].value ?? null;
  return [
    measure({
      work: work(score),
      unit: 'mean over folds',
      ours: ours.score.value,
      reference: reference('score'),
      reference_name,
      goal: theirs && scoreGoal(dataset.rowCount, theirs.score),
    }),
    measure({
      work: work(loss),
      unit: dataset.task === 'regression' ? 'mean over folds' : 'nats, mean over folds',
      ours: ours.loss.value,
      reference: reference('loss'),
      reference_name,
      goal: { at_most: LOSS_RATIO_MAX },
    }),
  ];
}

/** How often a table is dealt into folds anew: on few rows one deal decides more than the method, and forests draw by chance. */
function countDeals({ rowCount }: Dataset, algorithm: Algorithm): number {
  if (rowCount <= FEW_ROWS) return 10;
  return algorithm === 'random_forest' ? 3 : 1;
}

/** Both sides on the same folds of a table with the same parameters, over as many deals of its rows as it takes. */
export async function judgeBoth(setting: Setting, { name, dataset }: BenchTable, algorithm: Algorithm) {
  const isFull = setting.size === 'full';
  const parameters = chooseParameters(setting, algorithm);
  const kernel = await setting.startKernel();
  const reference = (await setting.startReference?.()) ?? null;
  const [mine, others]: [Judgement[], Judgement[]] = [[], []];
  try {
    for (let deal = 0; deal < (isFull ? countDeals(dataset, algorithm) : 1); deal++) {
      const table = foldTable(`${name} ${deal}`, dataset, deal);
      const place = await placeTable(setting, table);
      const judgeSide = async (side: Side): Promise<Judgement> => {
        const answers = join(place, 'answers.f64');
        await side.ask({ do: 'validate', table: place, algorithm, parameters, seed: deal, answers });
        return judgeAnswers(table, await readAnswers(answers));
      };
      mine.push(await judgeSide(kernel));
      if (reference !== null) others.push(await judgeSide(reference));
    }
    return {
      ours: joinJudgements(mine),
      theirs: reference && joinJudgements(others),
      reference_name: nameReference(reference, algorithm),
    };
  } finally {
    await Promise.all([kernel.end(), reference?.end()]);
  }
}

/** Every family on every table: the same folds, the same parameters, judged by the same metrics. */
export async function compareQuality(setting: Setting): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const table of await gatherTables(setting)) {
    for (const algorithm of FAMILIES[table.dataset.task === 'regression' ? 'values' : 'classes']) {
      // scikit-learn's forests know no categories: both sides are given codes.
      const given = algorithm === 'random_forest' ? readAsNumbers(table) : table;
      measurements.push(...compareJudgements(table, algorithm, await judgeBoth(setting, given, algorithm)));
    }
  }
  return measurements;
}
