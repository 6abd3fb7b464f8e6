import { createDataset, createRandom, type Feature } from '@gimbal/learning';
import type { BenchTable } from './bench-table.js';
import { foldTable } from './read-public-tables.js';

const SEED = 20_261_122;
const NUMBERS = 8;
/** Categories of the categorical columns. */
const CATEGORIES = [3, 12, 40];
const MISSING_SHARE = 0.05;

/** Numbers and categories with gaps; the class depends on some of each, and on a gap. Seeded. */
export function makeMixedTable(rowCount: number): BenchTable {
  const random = createRandom(SEED);
  const normal = (): number => Array.from({ length: 12 }, random.nextFloat).reduce((sum, value) => sum + value, -6);
  const effects = CATEGORIES.map((count) => Array.from({ length: count }, normal));
  const features: Feature[] = [
    ...Array.from({ length: NUMBERS }, (_, j) => ({ name: `x${j}`, kind: 'numeric' as const })),
    ...CATEGORIES.map((count) => ({ name: `c${count}`, kind: 'categorical' as const })),
  ];
  const columns = features.map(() => new Float32Array(rowCount));
  const target = new Uint8Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const numbers = Array.from({ length: NUMBERS }, normal);
    const codes = CATEGORIES.map((count) => random.nextInteger(count));
    const isGap = features.map(() => random.nextFloat() < MISSING_SHARE);
    const [a = 0, b = 0, c = 0, d = 0] = numbers;
    let margin = 0.8 * a + b * c + Math.sin(2 * d) - 1 + Number(isGap[0]);
    codes.forEach((code, k) => {
      margin += 0.7 * effects[k]![code]!;
    });
    target[i] = Number(random.nextFloat() < 1 / (1 + Math.exp(-margin)));
    [...numbers, ...codes].forEach((value, j) => {
      columns[j]![i] = isGap[j] ? Number.NaN : value;
    });
  }
  return foldTable('synthetic', createDataset({ features, columns, target }));
}
