import { join } from 'node:path';
import { createDataset, evaluate } from '@gimbal/learning';
import { type Measurement, measure } from '../result.js';
import { readAnswers } from './judge-answers.js';
import { alternate, medianOf, placeTable, type Setting } from './setting.js';
import { explainAbsence, PUBLIC_TABLES, readCsvTable } from './tables/read-public-tables.js';

const SECONDS_MAX = 0.1;
/** Between which areas scikit-learn's forests lie with different seeds. */
const AUC_BAND = { low: 0.84, high: 0.88 };

/** An isolation forest of 100 trees on the minutes of Occupancy Detection, occupied ones being the strange ones. */
export async function compareIsolation(setting: Setting): Promise<Measurement[]> {
  const absence = explainAbsence(setting.data, PUBLIC_TABLES.occupancy);
  if (absence !== null || setting.data === null) {
    setting.say(`isolation forest on Occupancy skipped: ${absence}`);
    return [];
  }
  const { dataset: minutes } = await readCsvTable(setting.data, PUBLIC_TABLES.occupancy);
  const dataset = createDataset({ ...minutes, task: 'anomaly-detection', classes: ['0', '1'] });
  const place = await placeTable(setting, { name: 'Occupancy anomalies', dataset, foldOf: null });
  const asked = { table: place, algorithm: 'isolation_forest', parameters: {}, seed: 7 } as const;
  const found = await alternate(setting, { do: 'fit', ...asked }, 3 * setting.rounds);
  const seconds = medianOf(found, 'cpu_seconds');
  const kernel = await setting.startKernel();
  const answers = join(place, 'scores.f64');
  await kernel.ask({ do: 'score', ...asked, answers });
  await kernel.end();
  const judged = evaluate({ ...dataset, outputs: await readAnswers(answers), threshold: 0.5 });
  const auc = judged.task === 'anomaly-detection' ? (judged.metrics.rocAuc ?? Number.NaN) : Number.NaN;
  const work = 'isolation forest on Occupancy';
  const middle = (AUC_BAND.low + AUC_BAND.high) / 2;
  return [
    measure({
      work,
      unit: 's of CPU',
      ours: seconds.ours,
      reference: SECONDS_MAX,
      reference_name: 'the limit',
      goal: { at_most: 1 },
    }),
    measure({ work, unit: 's of CPU', ...seconds, reference_name: found.referenceName, goal: null }),
    measure({
      work: `${work}, AUC`,
      unit: 'area',
      ours: auc,
      reference: middle,
      reference_name: `the middle of ${AUC_BAND.low} to ${AUC_BAND.high}`,
      goal: { at_least: AUC_BAND.low / middle, at_most: AUC_BAND.high / middle },
    }),
  ];
}
