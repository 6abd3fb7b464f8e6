import { expect, it } from '@jest/globals';
import { createRandom } from '../../random/random.js';
import { withKernel } from '../../wasm/kernel.js';
import { NodeNumbers, PartSums } from './node-numbers.js';

// The kernel goes four rows at a time: nodes that are no multiple of four end in the middle of a step.
const NODE_SIZES = [1, 2, 3, 4, 5, 7, 8, 50];

it.each([0, 2, 5])('sums what lies up to a threshold, with %d classes, whatever the size of the node', (classCount) => {
  const random = createRandom(11);
  const table = Array.from({ length: 3 }, () =>
    Float32Array.from({ length: 200 }, () => (random.nextFloat() < 0.2 ? Number.NaN : random.nextFloat() - 0.5)),
  );
  const learned = Int32Array.from({ length: 100 }, (_, i) => 2 * i);
  const target = Float64Array.from(learned, () =>
    classCount > 0 ? random.nextInteger(classCount) : random.nextFloat(),
  );
  const weights = Float64Array.from(learned, () => 1 + random.nextInteger(3));
  withKernel('alone', (kernel) => {
    const numbers = new NodeNumbers(kernel, table, learned, target, classCount);
    const found = numbers.makeValues();
    const [node, part] = [new PartSums(Math.max(1, classCount)), new PartSums(Math.max(1, classCount))];
    numbers.begin(weights);
    for (const size of NODE_SIZES) {
      const rows = Int32Array.from({ length: size + 2 }, () => random.nextInteger(100));
      const members = [...rows.subarray(1, size + 1)];
      const isPure = numbers.enter(rows, 1, size + 1, node);
      expect(isPure).toBe(members.every((row) => target[row] === target[members[0]!]));
      expectSums(node, members);
      numbers.gather(1, found);
      const values = members.map((row) => table[1]![learned[row]!]!);
      const present = values.filter((value) => !Number.isNaN(value));
      expect([...found.values.subarray(0, size)]).toEqual(values);
      expect(found).toMatchObject({ least: Math.min(...present), greatest: Math.max(...present) });
      expect(found.hasGaps).toBe(present.length < size);
      const threshold = values[0]! > 0 ? values[0]! : 0.1;
      numbers.sumUpTo(found, threshold, part);
      expectSums(
        part,
        members.filter((_, k) => values[k]! <= threshold),
      );
    }
  });

  function expectSums(part: PartSums, members: readonly number[]): void {
    const sums = new PartSums(part.sums.length);
    for (const row of members) {
      sums.rows++;
      sums.weight += weights[row]!;
      if (classCount > 0) sums.sums[target[row]!]! += weights[row]!;
      else sums.sums[0]! += weights[row]! * target[row]!;
    }
    expect(part).toMatchObject({ rows: sums.rows, weight: sums.weight });
    sums.sums.forEach((sum, k) => void expect(part.sums[k]).toBeCloseTo(sum, 10));
  }
});
