import { createDataset, createRandom, type Feature, type Random } from '@gimbal/learning';
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

/** What a row of a dense table is known by. */
export type DenseOutcome = 'two classes' | 'five classes' | 'values';

const CLASSES = ['a', 'b', 'c', 'd', 'e'];
/** Columns that an outcome depends on: linearly, by a product and by a wave. Each class has those of the one before, shifted by one. */
const EFFECTS = 14;

/** A standard Gumbel number: the class of the greatest margin plus one of these is a draw by softmax (Gumbel, 1954). */
const drawGumbel = (random: Random): number => -Math.log(-Math.log(1 - random.nextFloat()) + Number.MIN_VALUE);

function drawOutcome(outcome: DenseOutcome, marginOf: (shift: number) => number, random: Random): number {
  const [first] = [marginOf(0)];
  if (outcome === 'two classes') return Number(random.nextFloat() < 1 / (1 + Math.exp(-first)));
  if (outcome === 'values') return first + drawGumbel(random);
  const margins = CLASSES.map((_, k) => marginOf(k) + drawGumbel(random));
  return margins.indexOf(Math.max(...margins));
}

/**
 * Normal columns without gaps; what is learned depends on 14 of them, with noise.
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
  const target = new Float64Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const marginOf = (shift: number): number => {
      const x = (j: number): number => columns[j + shift]![i]!;
      let margin = x(0) + x(1) * x(2) + Math.sin(3 * x(3));
      for (let j = 4; j < EFFECTS; j++) margin += 0.5 * x(j);
      return margin;
    };
    target[i] = drawOutcome(outcome, marginOf, random);
  }
  const features = numericFeatures(columnCount);
  const size = `${rowCount.toLocaleString('en')} x ${columnCount} dense`;
  if (outcome === 'two classes')
    return { name: size, dataset: createDataset({ features, columns, target }), foldOf: null };
  const learned =
    outcome === 'values'
      ? { task: 'regression' as const }
      : { task: 'multiclass-classification' as const, classes: CLASSES };
  return {
    name: `${size}, ${outcome}`,
    dataset: createDataset({ ...learned, features, columns, target }),
    foldOf: null,
  };
}
