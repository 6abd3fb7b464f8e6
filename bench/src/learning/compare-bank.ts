import type { Algorithm } from '@gimbal/learning';
import { type Measurement, measure } from '../result.js';
import { judgeBoth } from './judge-both.js';
import { LOSS_RATIO_MAX } from './quality-goals.js';
import { alternate, medianOf, placeTable, type Setting, SHORT_NAMES } from './setting.js';
import type { BenchTable } from './tables/bench-table.js';
import { explainAbsence, PUBLIC_TABLES, readAsNumbers, readCsvTable } from './tables/read-public-tables.js';

const BOOSTERS: readonly Algorithm[] = ['gradient_boosting_level_wise', 'gradient_boosting_leaf_wise'];
const TIME_AT_MOST = 1.2;

async function compareTreatment(setting: Setting, table: BenchTable, algorithm: Algorithm): Promise<Measurement[]> {
  const place = await placeTable(setting, table);
  const found = await alternate(setting, { do: 'fit', table: place, algorithm, parameters: {}, seed: 7 });
  const { ours, theirs, reference_name } = await judgeBoth(setting, table, algorithm);
  const auc = theirs?.auc ?? null;
  const work = `${table.name}, ${SHORT_NAMES[algorithm]}`;
  return [
    measure({
      work,
      unit: 's of CPU',
      ...medianOf(found, 'cpu_seconds'),
      reference_name,
      goal: { at_most: TIME_AT_MOST },
    }),
    measure({
      work: `${work}, AUC`,
      unit: 'mean over folds',
      ours: ours.auc?.value ?? Number.NaN,
      reference: auc?.value ?? null,
      reference_name,
      goal: auc && { at_least: 1 - auc.error / auc.value },
    }),
    measure({
      work: `${work}, log loss`,
      unit: 'nats, mean over folds',
      ours: ours.loss.value,
      reference: theirs?.loss.value ?? null,
      reference_name,
      goal: { at_most: LOSS_RATIO_MAX },
    }),
  ];
}

/**
 * Training on Bank Marketing without `duration`. Its nine categorical columns are given to both sides as categories, and once more as codes in
 * the order of their appearance: which of the two a library is better with depends on the library.
 */
export async function compareBank(setting: Setting): Promise<Measurement[]> {
  const absence = explainAbsence(setting.data, PUBLIC_TABLES.bank);
  if (absence !== null || setting.data === null) {
    setting.say(`Bank Marketing skipped: ${absence}`);
    return [];
  }
  const table = await readCsvTable(setting.data, PUBLIC_TABLES.bank);
  const treatments = [
    { ...table, name: `${table.name}, 9 columns as categories` },
    { ...readAsNumbers(table), name: `${table.name}, 9 columns as codes` },
  ];
  const measurements: Measurement[] = [];
  for (const algorithm of BOOSTERS) {
    for (const one of treatments) measurements.push(...(await compareTreatment(setting, one, algorithm)));
  }
  return measurements;
}
