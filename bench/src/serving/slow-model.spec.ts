import { expect, it } from '@jest/globals';
import { slowGraph } from './slow-model.js';

it('writes the size of the matrices in both its places, and nothing else', () => {
  const [before, after] = [slowGraph(900), slowGraph(512)];
  expect(after.length).toBe(before.length);
  const changed = Array.from(before.keys()).filter((at) => before[at] !== after[at]);
  expect(changed.map((at) => after[at])).toEqual([0x80, 0x04, 0x80, 0x04]); // 512 as protobuf writes it
});
