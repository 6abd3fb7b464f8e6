import { expect, it } from '@jest/globals';
import { Gate } from './gate.js';

it('lets so many through at once, the others in turn, and goes on after a failure', async () => {
  const gate = new Gate(2);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  const visit = (visitor: number) =>
    gate.pass(async () => {
      inside += 1;
      most = Math.max(most, inside);
      order.push(visitor);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      if (visitor % 3 === 0) throw new Error('lost');
      return visitor;
    });
  const said = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map(visit));
  expect(said.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true, false, true]);
  expect([order, most]).toEqual([[1, 2, 3, 4, 5, 6, 7], 2]);
  expect(await visit(8)).toBe(8);
});
