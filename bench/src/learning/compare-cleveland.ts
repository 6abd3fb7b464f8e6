import { join } from 'node:path';
import type { Algorithm } from '@gimbal/learning';
import { type Measurement, measure, median } from '../result.js';
import type { Side } from './fits/requests.js';
import { chooseParameters, placeTable, type Setting } from './setting.js';
import { explainAbsence, PUBLIC_TABLES, readCsvTable } from './tables/read-public-tables.js';

const FAMILIES = [
  'logistic_regression',
  'random_forest',
  'gradient_boosting_level_wise',
  'gradient_boosting_leaf_wise',
] as const satisfies Algorithm[];
const WARM_AT_MOST = 0.3;
const COLD_AT_MOST = 0.5;
/** Rounds before the first that counts. */
const WARMING_ROUNDS = 2;

/** Seconds that a side takes for the folds of all families. */
async function validateAll(setting: Setting, side: Side, table: string): Promise<number> {
  let seconds = 0;
  for (const algorithm of FAMILIES) {
    const answers = join(table, 'timed.f64');
    const answer = await side.ask({
      do: 'validate',
      table,
      algorithm,
      parameters: chooseParameters(setting, algorithm),
      seed: 7,
      answers,
    });
    seconds += answer.wall_seconds;
  }
  return seconds;
}

/** Seconds from nothing to the answers of all families: a process, its libraries, the folds. */
async function timeCold(setting: Setting, start: () => Promise<Side>, table: string): Promise<number> {
  const begun = performance.now();
  const side = await start();
  await validateAll(setting, side, table);
  await side.end();
  return (performance.now() - begun) / 1000;
}

/** Five folds of the Cleveland patients by all four families, one thread, by the clock: in processes that are warm, and in new ones. */
export async function compareCleveland(setting: Setting): Promise<Measurement[]> {
  const { data, startKernel, startReference, rounds } = setting;
  const absence = explainAbsence(data, PUBLIC_TABLES.cleveland);
  if (absence !== null || data === null) {
    setting.say(`Cleveland skipped: ${absence}`);
    return [];
  }
  const place = await placeTable(setting, await readCsvTable(data, PUBLIC_TABLES.cleveland));
  const warm: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  const cold: typeof warm = { ours: [], theirs: [] };
  const kernel = await startKernel();
  const reference = await startReference?.();
  for (let round = -WARMING_ROUNDS; round < rounds; round++) {
    const seconds = await validateAll(setting, kernel, place);
    const others = reference && (await validateAll(setting, reference, place));
    if (round >= 0) warm.ours.push(seconds);
    if (round >= 0 && others !== undefined) warm.theirs.push(others);
  }
  await Promise.all([kernel.end(), reference?.end()]);
  for (let round = 0; round < rounds; round++) {
    cold.ours.push(await timeCold(setting, startKernel, place));
    if (startReference) cold.theirs.push(await timeCold(setting, startReference, place));
  }
  const work = 'Cleveland, 5 folds of all four families';
  const reference_name = 'scikit-learn, xgboost, lightgbm';
  const row = (what: string, found: typeof warm, atMost: number): Measurement =>
    measure({
      work: `${work}, ${what}`,
      unit: 's',
      ours: median(found.ours),
      reference: found.theirs.length === 0 ? null : median(found.theirs),
      reference_name,
      goal: { at_most: atMost },
    });
  return [row('warm', warm, WARM_AT_MOST), row('cold start included', cold, COLD_AT_MOST)];
}
