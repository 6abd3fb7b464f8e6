import { createDataset, type Dataset, type Task } from '../src/dataset/dataset.js';
import { createRandom } from '../src/random/random.js';

/** What a test dataset of any task looks like. */
export interface TaskShape {
  readonly task: Task;
  readonly rows: number;
  readonly seed: number;
  /** Classes of a multiclass task; default 3. */
  readonly classCount?: number;
  /** Gives each row a weight of 1 or 2. */
  readonly weighted?: true;
}

function makeTarget(task: Task, signal: number, classCount: number): number {
  if (task === 'regression') return 10 + 3 * signal;
  if (task === 'multiclass-classification') {
    return Math.min(classCount - 1, Math.max(0, Math.floor(signal + classCount / 2)));
  }
  return Number(signal > 0);
}

/** Synthetic rows of any task: two informative numeric columns `a` and `b`, a code `group` that matters a little, and `noise`. Anomalies lie far out. */
export function makeTask({ task, rows, seed, classCount = 3, weighted }: TaskShape): Dataset {
  const random = createRandom(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.nextFloat())) * Math.cos(2 * Math.PI * random.nextFloat());
  const columns: number[][] = [[], [], [], []];
  const target: number[] = [];
  for (let i = 0; i < rows; i++) {
    const isOdd = task === 'anomaly-detection' && random.nextFloat() < 0.1;
    const reach = isOdd ? 4 : 1;
    const values = [normal() * reach, normal() * reach, random.nextInteger(3), normal()];
    const signal = values[0]! + 0.7 * values[1]! + 0.5 * (values[2]! - 1) + 0.5 * normal();
    target.push(task === 'anomaly-detection' ? Number(isOdd) : makeTarget(task, signal, classCount));
    columns.forEach((column, j) => void column.push(values[j]!));
  }
  return createDataset({
    features: [
      { name: 'a', kind: 'numeric' },
      { name: 'b', kind: 'numeric' },
      { name: 'group', kind: 'categorical' },
      { name: 'noise', kind: 'numeric' },
    ],
    columns,
    target,
    task,
    ...(task === 'multiclass-classification'
      ? { classes: Array.from({ length: classCount }, (_, k) => `class ${k}`) }
      : {}),
    weights: weighted ? target.map((_, i) => 1 + (i % 2)) : null,
  });
}
