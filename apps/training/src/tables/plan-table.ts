import { type Dataset, LearningError, type SplitStrategy } from '@gimbal/learning';
import type { LearningTable } from '@gimbal/tabular';
import type { StoredTable } from '../data/stored-table.js';

/** An uploaded table as it is learned from. */
export interface TableSet {
  readonly dataset: Dataset;
  /** How rows were told apart, and are again when they are dealt into folds. */
  readonly strategy: SplitStrategy;
  /** Learned from. */
  readonly trainRows: Int32Array;
  /** Untouched by fitting, tuning and selection. */
  readonly holdoutRows: Int32Array;
}

const UNLABELLED = ['0', '1'];

/**
 * The columns as the kernel takes them. They were checked and shared when the table was read, so nothing is copied.
 * @throws LearningError `invalid-dataset` without a column to learn from
 */
export function toDataset({ task, rowCount, features, columns, spooled, ...table }: StoredTable): Dataset {
  if (task === 'text-classification')
    throw new LearningError('invalid-argument', 'Free text is learned from by itself.');
  if (columns.length === 0) throw new LearningError('invalid-dataset', 'The table has no column to learn from.');
  const { target, classes, weights } = table;
  const known = target ?? new Float64Array(new SharedArrayBuffer(8 * rowCount)); // nothing is known to be an anomaly
  const isAnomaly = task === 'anomaly-detection';
  return {
    ...{ task, rowCount, features, columns, weights },
    target: known,
    classes: isAnomaly ? UNLABELLED : classes,
    ...(spooled && { spooled }),
  };
}

/** Rows of one group stay together; rows with a time are judged on the latest; else every part gets its share of each class. */
export function chooseStrategy({ groups, times }: LearningTable): SplitStrategy {
  if (groups) return { kind: 'grouped', groups };
  return times ? { kind: 'time-ordered', times } : { kind: 'stratified' };
}
