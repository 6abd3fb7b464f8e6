import { createDataset, createRandom, type Dataset } from '../src/index.js';

/** What a test cohort looks like. */
export interface CohortShape {
  readonly rows: number;
  readonly seed: number;
  /** Share of cells without a value, in [0, 1). */
  readonly missingShare: number;
}

/** Synthetic rows: two informative numeric columns, one informative code, one of noise; about half are positive. */
export function makeCohort({ rows, seed, missingShare }: CohortShape): Dataset {
  const random = createRandom(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.nextFloat())) * Math.cos(2 * Math.PI * random.nextFloat());
  const columns: number[][] = [[], [], [], []];
  const target: number[] = [];
  for (let i = 0; i < rows; i++) {
    const values = [normal() * 10 + 50, normal() * 3, random.nextInteger(4) + 1, normal()];
    const margin = 0.15 * (values[0]! - 50) - 0.4 * values[1]! + (values[2] === 3 ? 1.5 : -0.5);
    target.push(Number(random.nextFloat() < 1 / (1 + Math.exp(-margin))));
    columns.forEach((column, j) => {
      column.push(random.nextFloat() < missingShare ? Number.NaN : values[j]!);
    });
  }
  return createDataset({
    features: [
      { name: 'dose', kind: 'numeric' },
      { name: 'slope', kind: 'numeric' },
      { name: 'group', kind: 'categorical' },
      { name: 'noise', kind: 'numeric' },
    ],
    columns,
    target,
  });
}
