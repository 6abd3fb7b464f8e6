import { allRows, type Dataset } from '../dataset/dataset.js';
import { createRandom, deriveSeed, sampleWithoutReplacement } from '../random/random.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';
import { type DataCheck, orderChecks, report } from './check-codes.js';
import { checkColumn } from './check-column.js';
import { checkTarget } from './check-target.js';
import { describeColumn } from './column-facts.js';
import { findLeak } from './find-leak.js';

/** More rows would not make a leak surer. */
const LEAK_ROWS = 20_000;

/** What to look at. */
export interface CheckRequest {
  readonly dataset: Dataset;
  /** All by default. */
  readonly rows?: Int32Array;
  /** Folds that are planned; default 5. */
  readonly foldCount?: number;
  readonly hooks?: TrainingHooks;
}

/**
 * Looks a dataset over before anything is trained on it. See `DATA_CHECKS` for what can be found; values that are infinite or beyond
 * float32 were refused when the dataset was made.
 *
 * @returns errors first; empty when nothing was found
 * @throws LearningError `training-cancelled`
 */
export function checkDataset({
  dataset,
  rows = allRows(dataset),
  foldCount = 5,
  hooks = {},
}: CheckRequest): DataCheck[] {
  const found = checkTarget(dataset, rows, foldCount);
  const isTold = found.every(({ code }) => code !== 'constant-target');
  const isLabelled = rows.some((row) => dataset.target[row] !== dataset.target[rows[0]!]);
  const size = Math.min(rows.length, LEAK_ROWS);
  const places = sampleWithoutReplacement(rows.length, size, createRandom(deriveSeed(0, 'leak')));
  const sample = Int32Array.from(places, (place) => rows[place]!);
  let usable = 0;
  dataset.features.forEach((feature, j) => {
    checkpoint(hooks, j / dataset.features.length);
    const facts = describeColumn(feature, dataset.columns[j]!, rows);
    found.push(...checkColumn(facts));
    if (facts.distinct > 1 || (facts.distinct === 1 && facts.present < facts.rows)) usable++;
    if (isTold && isLabelled) found.push(...findLeak(dataset, j, sample));
  });
  if (usable === 0) found.push(report('no-usable-column', 'Every column is missing or constant in all rows.'));
  checkpoint(hooks, 1);
  return orderChecks(found);
}
