import type { Dataset } from '../dataset/dataset.js';
import { type DataCheck, report } from './check-codes.js';

const CLASSES_TOLD = 5;

function checkClasses({ target, classes }: Dataset, rows: Int32Array, foldCount: number): DataCheck[] {
  if (classes.length > rows.length) {
    return [
      report(
        'more-classes-than-rows',
        `${classes.length} classes in ${rows.length} rows: the target looks like a name or a number. Choose another target, or learn a regression.`,
      ),
    ];
  }
  const counts = new Int32Array(classes.length);
  for (const row of rows) counts[target[row]!]!++;
  const small = classes.map((name, k) => ({ name, count: counts[k]! })).filter(({ count }) => count < foldCount);
  if (small.length === 0) return [];
  const told = small.slice(0, CLASSES_TOLD).map(({ name, count }) => `"${name}" (${count})`);
  const more = small.length > CLASSES_TOLD ? ` and ${small.length - CLASSES_TOLD} more` : '';
  return [
    report(
      'class-too-small',
      `Fewer rows than the ${foldCount} folds have: ${told.join(', ')}${more}. Merge or leave out such classes, or plan fewer folds.`,
    ),
  ];
}

/** What can be wrong with the target of some rows. Anomaly detection needs no labels. */
export function checkTarget(dataset: Dataset, rows: Int32Array, foldCount: number): DataCheck[] {
  const { task, target } = dataset;
  if (task === 'anomaly-detection') return [];
  if (rows.length === 0 || rows.every((row) => target[row] === target[rows[0]!])) {
    return [report('constant-target', `All ${rows.length} rows have the same target: there is nothing to tell apart.`)];
  }
  return task === 'regression' ? [] : checkClasses(dataset, rows, foldCount);
}
