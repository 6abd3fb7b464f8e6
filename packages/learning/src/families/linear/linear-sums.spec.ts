import { expect, it } from '@jest/globals';
import { createRandom } from '../../random/random.js';
import { withKernel } from '../../wasm/kernel.js';
import type { DesignMatrix } from './design-matrix.js';
import { sumGram } from './gram-matrix.js';
import { createLinearObjective, createSoftmaxLoss } from './linear-objective.js';

const random = createRandom(4);
const draw = (length: number): Float64Array => Float64Array.from({ length }, () => 2 * random.nextFloat() - 1);

function makeDesign(rowCount: number, columnCount: number, sizes: readonly number[]): DesignMatrix {
  const columns = Array.from({ length: columnCount }, (_, j) => {
    return { values: Float32Array.from(draw(rowCount)), offset: 0.25 * j, scale: 1 + j };
  });
  const categoryColumns = sizes.map((size) => {
    return { indices: Int32Array.from({ length: rowCount }, () => random.nextInteger(size + 1)), size };
  });
  const width = columnCount + sizes.reduce((sum, size) => sum + size, 0);
  return { rowCount, width, columns, categoryColumns };
}

/** The terms of a row, then a constant 1. */
function readTerms({ columns, categoryColumns }: DesignMatrix, row: number): number[] {
  const numbers = columns.map(({ values, offset, scale }) => (values[row]! - offset) * scale);
  const indicators = categoryColumns.flatMap(({ indices, size }) =>
    Array.from({ length: size }, (_, k) => Number(indices[row] === k)),
  );
  return [...numbers, ...indicators, 1];
}

// Blocks and tiles have edges: rows and columns that are no multiple of four, one block and several, no numbers, no categories.
const SHAPES: readonly (readonly [number, number, readonly number[]])[] = [
  [1, 1, []],
  [257, 4, [3]],
  [600, 7, [2, 4]],
  [255, 0, [5]],
  [514, 9, []],
];

it.each(SHAPES)(
  'sums products of all pairs of terms of %d rows, %d numbers and indicators %p',
  (rows, numbers, sizes) => {
    const design = makeDesign(rows, numbers, sizes);
    const weights = draw(rows).map(Math.abs);
    const other = draw(rows);
    const gram = withKernel('alone', (kernel) => sumGram(kernel, design, weights, [other]));
    const size = design.width + 2;
    const expected = new Float64Array(size * size);
    for (let i = 0; i < rows; i++) {
      const terms = [...readTerms(design, i), other[i]!];
      terms.forEach((a, j) => {
        terms.forEach((b, k) => {
          expected[j * size + k]! += weights[i]! * a * b;
        });
      });
    }
    expect(gram).toHaveLength(size * size);
    expected.forEach((value, at) => void expect(gram[at]).toBeCloseTo(value, 9));
  },
);

it.each(SHAPES)('gives the loss of %d rows, %d numbers and indicators %p and its gradient', (rows, numbers, sizes) => {
  const design = makeDesign(rows, numbers, sizes);
  const outputCount = 6;
  const target = Float64Array.from({ length: rows }, () => random.nextInteger(outputCount));
  const stride = design.width + 1;
  const point = draw(outputCount * stride);
  const expected = new Float64Array(point.length);
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const terms = readTerms(design, i);
    const powers = Array.from({ length: outputCount }, (_, k) =>
      Math.exp(terms.reduce((sum, term, j) => sum + term * point[k * stride + j]!, 0)),
    );
    const sum = powers.reduce((total, power) => total + power, 0);
    loss -= Math.log(powers[target[i]!]! / sum) / rows;
    powers.forEach((power, k) => {
      const residual = (power / sum - Number(target[i] === k)) / rows;
      terms.forEach((term, j) => {
        expected[k * stride + j]! += residual * term;
      });
    });
  }
  const gradient = new Float64Array(point.length);
  for (const weights of [null, new Float64Array(rows).fill(1)]) {
    const createLoss = createSoftmaxLoss(target, weights);
    const parts = { design, outputCount, createLoss, totalWeight: rows, penalty: 0 };
    const found = withKernel('alone', (kernel) => createLinearObjective(kernel, parts)(point, gradient));
    expect(found).toBeCloseTo(loss, 10);
    expected.forEach((value, at) => void expect(gradient[at]).toBeCloseTo(value, 10));
  }
});
