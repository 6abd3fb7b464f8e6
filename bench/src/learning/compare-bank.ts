import { type Measurement, measure } from '../result.js';
import { judgeBoth } from './compare-quality.js';
import { alternate, medianOf, placeTable, type Setting, SHORT_NAMES } from './setting.js';
import { explainAbsence, PUBLIC_TABLES, readCsvTable } from './tables/read-public-tables.js';

const BOOSTERS = ['gradient_boosting_level_wise', 'gradient_boosting_leaf_wise'] as const;
const TIME_AT_MOST = 1.2;
const LOSS_AT_MOST = 1.01;

/** Training on Bank Marketing without `duration`, its nine categorical columns as categories on both sides. */
export async function compareBank(setting: Setting): Promise<Measurement[]> {
  const absence = explainAbsence(setting.data, PUBLIC_TABLES.bank);
  if (absence !== null || setting.data === null) {
    setting.say(`Bank Marketing skipped: ${absence}`);
    return [];
  }
  const table = await readCsvTable(setting.data, PUBLIC_TABLES.bank);
  const place = await placeTable(setting, table);
  const measurements: Measurement[] = [];
  for (const algorithm of BOOSTERS) {
    const found = await alternate(setting, { do: 'fit', table: place, algorithm, parameters: {} });
    const work = `Bank Marketing with 9 categorical columns, ${SHORT_NAMES[algorithm]}`;
    const { ours, theirs, reference_name } = await judgeBoth(setting, table, algorithm);
    const auc = theirs?.auc ?? null;
    measurements.push(
      measure({
        work,
        unit: 's of CPU',
        ...medianOf(found, 'cpu_seconds'),
        reference_name,
        goal: { at_most: TIME_AT_MOST },
      }),
      measure({
        work: `${work}, AUC`,
        unit: 'mean of 5 folds',
        ours: ours.auc?.value ?? Number.NaN,
        reference: auc?.value ?? null,
        reference_name,
        goal: auc && { at_least: 1 - auc.error / auc.value },
      }),
      measure({
        work: `${work}, log loss`,
        unit: 'nats, mean of 5 folds',
        ours: ours.loss.value,
        reference: theirs?.loss.value ?? null,
        reference_name,
        goal: { at_most: LOSS_AT_MOST },
      }),
    );
  }
  return measurements;
}
