import type { Dataset, Feature } from '../dataset/dataset.js';
import { rankScores, rocAucOf } from '../evaluation/ranking-metrics.js';
import { type DataCheck, report } from './check-codes.js';

/** A column alone is suspicious from here on: ROC-AUC, balanced recall, |rank correlation|. */
const SUSPICIOUS = 0.999;
/** Fewer rows can agree by chance. */
const ROWS_MIN = 20;

type Values = ArrayLike<number>;

function correlation(x: Values, y: Values): number {
  const count = x.length;
  let [mx, my] = [0, 0];
  for (let i = 0; i < count; i++) {
    mx += x[i]! / count;
    my += y[i]! / count;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
    xy += (x[i]! - mx) * (y[i]! - my);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

/** Ranks, those of equal values their mean. */
function rank(values: Values): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}

function highestOf(values: Values): number {
  let highest = 0;
  for (let i = 0; i < values.length; i++) highest = Math.max(highest, values[i]!);
  return highest;
}

/** Rows of one value, as a stretch of the sorted rows: its most frequent class, and how often that and the next one occur. */
interface Tie {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly top: number;
  readonly topCount: number;
  readonly nextCount: number;
}

function groupTies(x: Values, y: Values, order: Uint32Array, counts: Int32Array): Tie[] {
  const ties: Tie[] = [];
  for (let start = 0, end = 0; start < order.length; start = end) {
    const value = x[order[start]!]!;
    for (end = start; end < order.length && x[order[end]!] === value; end++) counts[y[order[end]!]!]!++;
    let [top, topCount, nextCount] = [0, 0, 0];
    for (let i = start; i < end; i++) {
      const label = y[order[i]!]!;
      const count = counts[label]!;
      counts[label] = 0; // each class is looked at once, and the counts are clean for the next value
      if (count > topCount) [top, topCount, nextCount] = [label, count, topCount];
      else if (count > nextCount) nextCount = count;
    }
    ties.push({ start, end, value, top, topCount, nextCount });
  }
  return ties;
}

/** Whether the other rows tell a row of class `label` right: those of its own value, else those of the nearest value. */
function isTold(ties: readonly Tie[], at: number, label: number, kind: Feature['kind']): boolean {
  const { start, end, value, top, topCount, nextCount } = ties[at]!;
  if (end - start > 1) return label === top && topCount - 1 > nextCount;
  if (kind === 'categorical') return false; // a category seen once is told by no other row
  const [below, above] = [ties[at - 1], ties[at + 1]];
  if (below === undefined || above === undefined) return (below ?? above)?.top === label;
  return (value - below.value <= above.value - value ? below : above).top === label;
}

/** Mean over classes of the share of rows whose class the other rows tell by this column alone; of classes with at least two rows. */
function balancedRecall(x: Values, y: Values, kind: Feature['kind']): number {
  const order = Uint32Array.from({ length: x.length }, (_, i) => i).sort((a, b) => x[a]! - x[b]!);
  const classCount = 1 + highestOf(y);
  const [right, rows] = [new Int32Array(classCount), new Int32Array(classCount)];
  const ties = groupTies(x, y, order, new Int32Array(classCount));
  ties.forEach(({ start, end }, at) => {
    for (let i = start; i < end; i++) {
      const label = y[order[i]!]!;
      rows[label]!++;
      if (isTold(ties, at, label, kind)) right[label]!++;
    }
  });
  const recalls = Array.from(rows, (count, label) => (count < 2 ? null : right[label]! / count)).filter(
    (share) => share !== null,
  );
  return recalls.length < 2 ? 0 : recalls.reduce((sum, share) => sum + share, 0) / recalls.length;
}

/** 1 - squared error over variance when each row is told the mean of the others with its category. */
function explainedByCategory(x: Values, y: Values): number {
  const sums = new Map<number, { sum: number; rows: number }>();
  let mean = 0;
  for (let i = 0; i < x.length; i++) {
    const group = sums.get(x[i]!) ?? { sum: 0, rows: 0 };
    group.sum += y[i]!;
    group.rows++;
    sums.set(x[i]!, group);
    mean += y[i]! / y.length;
  }
  let [error, spread] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const { sum, rows } = sums.get(x[i]!)!;
    const told = rows > 1 ? (sum - y[i]!) / (rows - 1) : mean;
    error += (y[i]! - told) ** 2;
    spread += (y[i]! - mean) ** 2;
  }
  return spread > 0 ? 1 - error / spread : 0;
}

/** How surely a column alone tells the target, and what was measured. */
function tellAlone(
  task: Dataset['task'],
  kind: Feature['kind'],
  x: Values,
  y: Values,
): { measure: string; score: number } {
  if (task === 'regression') {
    if (kind === 'categorical')
      return { measure: 'explained variance', score: Math.sqrt(Math.max(0, explainedByCategory(x, y))) };
    return {
      measure: 'correlation',
      score: Math.max(Math.abs(correlation(x, y)), Math.abs(correlation(rank(x), rank(y)))),
    };
  }
  if (task !== 'multiclass-classification' && kind === 'numeric') {
    const area = rocAucOf(
      rankScores(x, (i) => y[i] === 1),
      null,
    );
    const score = area === null ? 0 : Math.max(area, 1 - area);
    if (score >= SUSPICIOUS) return { measure: 'ROC-AUC', score };
  }
  return { measure: 'recall', score: balancedRecall(x, y, kind) };
}

/** How surely being missing tells the target by itself. */
function tellByAbsence({ task, target }: Dataset, column: Float32Array, rows: Int32Array): number {
  if (task === 'regression') return 0;
  const missing = Float64Array.from(rows, (row) => Number(Number.isNaN(column[row])));
  return balancedRecall(
    missing,
    Float64Array.from(rows, (row) => target[row]!),
    'categorical',
  );
}

/**
 * Finds a column that knows the answer: one that equals the target, or tells it all but surely on its own. Often it was written after the
 * fact, and will not be there when a prediction is asked for.
 *
 * @param rows to look at; a sample is enough
 */
export function findLeak(dataset: Dataset, feature: number, rows: Int32Array): DataCheck[] {
  const { task, target, columns, features } = dataset;
  const { name, kind } = features[feature]!;
  const column = columns[feature]!;
  const present = rows.filter((row) => !Number.isNaN(column[row]));
  if (rows.length < ROWS_MIN) return [];
  if (2 * present.length > rows.length && present.every((row) => column[row] === Math.fround(target[row]!))) {
    return [report('target-copy', `"${name}" equals the target wherever it is present. Leave it out.`, name)];
  }
  const x = Float64Array.from(present, (row) => column[row]!);
  const y = Float64Array.from(present, (row) => target[row]!);
  const { measure, score } = x.length < ROWS_MIN ? { measure: '', score: 0 } : tellAlone(task, kind, x, y);
  const byAbsence = present.length === rows.length ? 0 : tellByAbsence(dataset, column, rows);
  if (Math.max(score, byAbsence) < SUSPICIOUS) return [];
  const how = score >= SUSPICIOUS ? `${measure} ${score.toFixed(4)}` : 'whether it is missing says it';
  return [
    report(
      'leak',
      `"${name}" tells the target on its own (${how}). Is it known before the answer is? If not, leave it out.`,
      name,
    ),
  ];
}
