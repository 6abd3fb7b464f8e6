import { createDataset, createRandom, type DatasetSource, type Feature, type Random } from '@gimbal/learning';
import type { BenchTable } from './bench-table.js';

const SEED = 20_261_121;

/** Standard normal numbers, two at a time (Box and Muller, 1958). */
function fillNormal(values: Float32Array, random: Random): void {
  for (let i = 0; i < values.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.nextFloat()));
    const angle = 2 * Math.PI * random.nextFloat();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}

function numericFeatures(count: number): Feature[] {
  return Array.from({ length: count }, (_, j) => ({ name: `x${j}`, kind: 'numeric' }));
}

/** What is known of each row of a dense table. */
export type DenseOutcome = 'two classes' | 'five classes' | 'values';

const CLASSES = ['a', 'b', 'c', 'd', 'e'];
/** Columns that an outcome, or a class, depends on; those of a class begin one column after those of the class before. */
const EFFECTS = 14;

/** A standard Gumbel number: the class of the greatest margin plus one of these is a draw by softmax (Gumbel, 1954). */
const drawGumbel = (random: Random): number => -Math.log(Number.MIN_VALUE - Math.log(1 - random.nextFloat()));

function drawOutcome(outcome: DenseOutcome, marginOf: (shift: number) => number, random: Random): number {
  if (outcome === 'two classes') return Number(random.nextFloat() < 1 / (1 + Math.exp(-marginOf(0))));
  if (outcome === 'values') return marginOf(0) + drawGumbel(random);
  const margins = CLASSES.map((_, k) => marginOf(k) + drawGumbel(random));
  return margins.indexOf(Math.max(...margins));
}

const LEARNED = {
  'two classes': { task: 'binary-classification' },
  'five classes': { task: 'multiclass-classification', classes: CLASSES },
  values: { task: 'regression' },
} as const satisfies Record<DenseOutcome, Pick<DatasetSource, 'task' | 'classes'>>;

/**
 * Normal columns without gaps; the outcome depends on 14 of them: linearly, by a product, by a wave and by chance.
 *
 * @param columnCount >= 14; with five classes >= 18
 */
export function makeDenseTable(
  rowCount: number,
  columnCount: number,
  outcome: DenseOutcome = 'two classes',
): BenchTable {
  const random = createRandom(SEED);
  const columns = Array.from({ length: columnCount }, () => {
    const column = new Float32Array(rowCount);
    fillNormal(column, random);
    return column;
  });
  const target = Float64Array.from({ length: rowCount }, (_, i) => {
    const marginOf = (shift: number): number => {
      const x = (j: number): number => columns[j + shift]![i]!;
      let margin = x(0) + x(1) * x(2) + Math.sin(3 * x(3));
      for (let j = 4; j < EFFECTS; j++) margin += 0.5 * x(j);
      return margin;
    };
    return drawOutcome(outcome, marginOf, random);
  });
  const size = `${rowCount.toLocaleString('en')} x ${columnCount} dense`;
  const dataset = createDataset({ ...LEARNED[outcome], features: numericFeatures(columnCount), columns, target });
  return { name: outcome === 'two classes' ? size : `${size}, ${outcome}`, dataset, foldOf: null };
}
