import type { Algorithm } from '@gimbal/learning';
import { type Measurement, measure } from '../result.js';
import type { Parameters } from './fits/requests.js';
import { alternate, chooseParameters, isLinear, medianOf, placeTable, type Setting, SHORT_NAMES } from './setting.js';
import { type DenseOutcome, makeDenseTable } from './tables/make-dense-table.js';

interface DenseWork {
  readonly algorithm: Algorithm;
  readonly parameters: Parameters;
  /** Most that our CPU time may be of theirs. */
  readonly atMost: number;
}

/** Fewer trees than the default where that alone takes the library minutes; for values every cut tries all columns. */
const MIDDLE: Readonly<Record<DenseOutcome, readonly DenseWork[]>> = {
  'two classes': [
    { algorithm: 'gradient_boosting_level_wise', parameters: {}, atMost: 1 },
    { algorithm: 'gradient_boosting_leaf_wise', parameters: {}, atMost: 1 },
    { algorithm: 'random_forest', parameters: { n_estimators: 30 }, atMost: 0.22 },
    { algorithm: 'extra_trees', parameters: { n_estimators: 30 }, atMost: 1 },
    { algorithm: 'logistic_regression', parameters: {}, atMost: 1 },
  ],
  'five classes': [
    { algorithm: 'gradient_boosting_level_wise', parameters: { n_estimators: 30 }, atMost: 1 },
    { algorithm: 'gradient_boosting_leaf_wise', parameters: { n_estimators: 30 }, atMost: 1 },
    { algorithm: 'random_forest', parameters: { n_estimators: 10 }, atMost: 1 },
    { algorithm: 'extra_trees', parameters: { n_estimators: 30 }, atMost: 1 },
    { algorithm: 'logistic_regression', parameters: {}, atMost: 1 },
  ],
  values: [
    { algorithm: 'gradient_boosting_level_wise', parameters: {}, atMost: 1 },
    { algorithm: 'gradient_boosting_leaf_wise', parameters: {}, atMost: 1 },
    { algorithm: 'random_forest', parameters: { n_estimators: 2 }, atMost: 1 },
    { algorithm: 'extra_trees', parameters: { n_estimators: 5 }, atMost: 1 },
    { algorithm: 'ridge_regression', parameters: {}, atMost: 1 },
  ],
};

const LARGE: readonly DenseWork[] = [
  { algorithm: 'gradient_boosting_level_wise', parameters: {}, atMost: 1.1 },
  { algorithm: 'gradient_boosting_leaf_wise', parameters: {}, atMost: 1.1 },
];

const PEAK_AT_MOST = 0.6;
/** A fit this short needs more rounds before its median settles. */
const SHORT_ROUNDS = 9;

async function compareOutcome(setting: Setting, outcome: DenseOutcome): Promise<Measurement[]> {
  const isFull = setting.size === 'full';
  const table = isFull ? makeDenseTable(100_000, 50, outcome) : makeDenseTable(2000, 20, outcome);
  const place = await placeTable(setting, table);
  const measurements: Measurement[] = [];
  for (const { algorithm, parameters, atMost } of MIDDLE[outcome]) {
    const rounds = isFull && isLinear(algorithm) ? SHORT_ROUNDS : setting.rounds;
    const chosen = { ...parameters, ...chooseParameters(setting, algorithm) };
    const found = await alternate(setting, { do: 'fit', table: place, algorithm, parameters: chosen, seed: 7 }, rounds);
    const work = `${table.name}, ${SHORT_NAMES[algorithm]}`;
    const compared = medianOf(found, 'cpu_seconds');
    const goal = { at_most: atMost };
    measurements.push(measure({ work, unit: 's of CPU', ...compared, reference_name: found.referenceName, goal }));
  }
  return measurements;
}

/** Training on 100 000 rows of 50 columns, of which two classes, five or values are known; default parameters of each library but for the number of trees. */
export async function compareMiddle(setting: Setting): Promise<Measurement[]> {
  return [
    ...(await compareOutcome(setting, 'two classes')),
    ...(await compareOutcome(setting, 'five classes')),
    ...(await compareOutcome(setting, 'values')),
  ];
}

/** Training on 1 000 000 rows of 28 columns, and the memory of a process that has done it once. */
export async function compareLarge(setting: Setting): Promise<Measurement[]> {
  const table = setting.size === 'full' ? makeDenseTable(1_000_000, 28) : makeDenseTable(5000, 28);
  const place = await placeTable(setting, table);
  const measurements: Measurement[] = [];
  for (const { algorithm, parameters, atMost } of LARGE) {
    const found = await alternate(setting, { do: 'fit', table: place, algorithm, parameters, seed: 7 });
    const work = `${table.name}, ${SHORT_NAMES[algorithm]}`;
    const reference_name = found.referenceName;
    const compared = medianOf(found, 'cpu_seconds');
    const peak = medianOf({ ...found, ours: found.ours.slice(0, 1), theirs: found.theirs.slice(0, 1) }, 'peak_mib');
    measurements.push(
      measure({ work, unit: 's of CPU', ...compared, reference_name, goal: { at_most: atMost } }),
      measure({ work: `${work}, peak memory`, unit: 'MiB', ...peak, reference_name, goal: { at_most: PEAK_AT_MOST } }),
    );
  }
  return measurements;
}
