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

/**
 * Normal columns without gaps; the class depends on 14 of them: linearly, by a product and by a wave.
 *
 * @param columnCount >= 14
 */
export function makeDenseTable(rowCount: number, columnCount: number): BenchTable {
  const random = createRandom(SEED);
  const columns = Array.from({ length: columnCount }, () => {
    const column = new Float32Array(rowCount);
    fillNormal(column, random);
    return column;
  });
  const target = new Uint8Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const x = (j: number): number => columns[j]![i]!;
    let margin = x(0) + x(1) * x(2) + Math.sin(3 * x(3));
    for (let j = 4; j < 14; j++) margin += 0.5 * x(j);
    target[i] = Number(random.nextFloat() < 1 / (1 + Math.exp(-margin)));
  }
  const name = `${rowCount.toLocaleString('en')} x ${columnCount} dense`;
  return { name, dataset: createDataset({ features: numericFeatures(columnCount), columns, target }), foldOf: null };
}
