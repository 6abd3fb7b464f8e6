import { allRows, type FeatureTable } from '../dataset/dataset.js';
import { rowBlocks } from '../dataset/streamed-table.js';
import { LearningError } from '../learning-error.js';
import { applyLink } from './apply-link.js';
import { compileTrees } from './compile-trees.js';
import { countOutputs, type Model } from './model.js';
import { sumTerms } from './predict-linear.js';
import { sumTrees } from './predict-trees.js';

/** @throws LearningError `feature-mismatch` unless the table has the model's columns in the model's order */
export function checkFeatures(model: Model, table: FeatureTable): void {
  const expected = model.features.map(({ name }) => name);
  const found = table.features.map(({ name }) => name);
  if (expected.length !== found.length || expected.some((name, j) => name !== found[j])) {
    throw new LearningError(
      'feature-mismatch',
      `The model takes ${expected.join(', ')}; the table has ${found.join(', ')}.`,
    );
  }
}

/** A model made ready to predict: worth keeping when many tables are asked about. */
export interface Predictor {
  /** See {@link predictMargins}. */
  readonly margins: (table: FeatureTable, rows?: Int32Array) => Float64Array;
  /** See {@link predict}. */
  readonly answers: (table: FeatureTable, rows?: Int32Array) => Float64Array;
}

function roundEach(margins: Float64Array): Float64Array {
  for (let i = 0; i < margins.length; i++) margins[i] = Math.fround(margins[i]!);
  return margins;
}

function createSum(model: Model): (table: FeatureTable, rows: Int32Array) => Float64Array {
  if (model.kind === 'linear') {
    // The exported graph sums in float64, too, and rounds once.
    return ({ columns }, rows) => roundEach(sumTerms(model, columns, rows));
  }
  const trees = compileTrees(model);
  return ({ columns }, rows) => {
    const sums = sumTrees(trees, model.base, columns, rows);
    // As the exported graph does it: the sum is a float32, and so is its product with the scale.
    for (let i = 0; i < sums.length; i++) sums[i] = Math.fround(Math.fround(sums[i]!) * model.scale);
    return sums;
  };
}

/** Lays a model out for fast prediction. The returned functions throw as {@link predict} does. */
export function createPredictor(model: Model): Predictor {
  const sum = createSum(model);
  const outputCount = countOutputs(model);
  const margins = (table: FeatureTable, rows = allRows(table)): Float64Array => {
    checkFeatures(model, table);
    const found = new Float64Array(rows.length * outputCount);
    let at = 0;
    for (const block of rowBlocks(table, rows)) {
      found.set(sum(block.table, block.rows), at);
      at += block.rows.length * outputCount;
    }
    return found;
  };
  return { margins, answers: (table, rows) => applyLink(model, margins(table, rows), outputCount) };
}

/**
 * What a model computes before link and calibration, as float32: every runtime finds the same number. Linear models: the weighted sum,
 * rounded once. Trees: the exact sum times `scale`, which is log-odds (`sigmoid`), one margin per class (`softmax`), the value (`identity`), a
 * share (`mean`), path length over its expectation (`isolation`).
 *
 * @param rows rows to predict, by default all
 * @returns row-major, `rows.length` x outputs
 * @throws LearningError `feature-mismatch` unless the table has the model's columns in the model's order
 */
export function predictMargins(model: Model, table: FeatureTable, rows?: Int32Array): Float64Array {
  return createPredictor(model).margins(table, rows);
}

/**
 * Predicts rows of a table: the probability of the positive class (binary), of each class (multiclass), the value (regression) or the
 * anomaly score in [0, 1].
 *
 * @param rows rows to predict, by default all
 * @returns row-major, `rows.length` x outputs (`countOutputs`), in the order of `rows`
 * @throws LearningError `feature-mismatch` unless the table has the model's columns in the model's order
 */
export function predict(model: Model, table: FeatureTable, rows?: Int32Array): Float64Array {
  return createPredictor(model).answers(table, rows);
}

/**
 * The most probable class of each row; the first of several equally probable ones.
 *
 * @param answers row-major, rows x `classCount`
 */
export function decideClasses(answers: ArrayLike<number>, classCount: number): Int32Array {
  const decided = new Int32Array(answers.length / classCount);
  for (let i = 0; i < decided.length; i++) {
    let best = 0;
    for (let k = 1; k < classCount; k++) if (answers[i * classCount + k]! > answers[i * classCount + best]!) best = k;
    decided[i] = best;
  }
  return decided;
}
