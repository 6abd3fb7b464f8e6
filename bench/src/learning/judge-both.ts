import { join } from 'node:path';
import type { Algorithm, Dataset } from '@gimbal/learning';
import type { Side } from './fits/requests.js';
import { type Judgement, joinJudgements, judgeAnswers, readAnswers } from './judge-answers.js';
import { areVerdictsClear } from './quality-goals.js';
import { chooseParameters, nameReference, placeTable, type Setting } from './setting.js';
import type { BenchTable } from './tables/bench-table.js';
import { foldTable } from './tables/read-public-tables.js';

/** Up to so many rows one deal of the rows into folds decides more than the method does. */
const FEW_ROWS = 2000;
const DEALS_MAX = 200;
/** No further deal is begun after this, clear or not: long enough for all of them on a small table, also on a busy machine. */
const SECONDS_MAX = 240;

const leastDeals = ({ rowCount }: Dataset): number => (rowCount <= FEW_ROWS ? 10 : 3);

/** What both sides are worth on a table. */
export interface BothJudged {
  readonly ours: Judgement;
  /** null without Python. */
  readonly theirs: Judgement | null;
  readonly reference_name: string;
  /** How often the rows were dealt into folds. */
  readonly deals: number;
}

/**
 * Both sides on the same folds of a table with the same parameters. The rows are dealt into folds again and again until it is clear whether
 * the goals of quality are met ({@link areVerdictsClear}): at least 3 times (on few rows 10), at most 200 times or for four minutes. A quick run,
 * and one without Python, deals once.
 */
export async function judgeBoth(
  setting: Setting,
  { name, dataset }: BenchTable,
  algorithm: Algorithm,
): Promise<BothJudged> {
  const parameters = chooseParameters(setting, algorithm);
  const kernel = await setting.startKernel();
  const reference = (await setting.startReference?.()) ?? null;
  const [ours, theirs]: [Judgement[], Judgement[]] = [[], []];
  const start = performance.now();
  const isEnough = (): boolean => {
    if (setting.size === 'quick' || reference === null) return true;
    if (ours.length < leastDeals(dataset)) return false;
    const isLate = performance.now() - start > 1000 * SECONDS_MAX;
    return isLate || ours.length >= DEALS_MAX || areVerdictsClear({ ours, theirs }, dataset.rowCount);
  };
  try {
    do {
      const deal = ours.length;
      const table = foldTable(`${name} ${deal}`, dataset, deal);
      const place = await placeTable(setting, table);
      const judgeSide = async (side: Side): Promise<Judgement> => {
        const answers = join(place, 'answers.f64');
        await side.ask({ do: 'validate', table: place, algorithm, parameters, seed: deal, answers });
        return judgeAnswers(table, await readAnswers(answers));
      };
      ours.push(await judgeSide(kernel));
      if (reference !== null) theirs.push(await judgeSide(reference));
    } while (!isEnough());
    return {
      ours: joinJudgements(ours),
      theirs: reference && joinJudgements(theirs),
      reference_name: nameReference(reference, algorithm),
      deals: ours.length,
    };
  } finally {
    await Promise.all([kernel.end(), reference?.end()]);
  }
}
