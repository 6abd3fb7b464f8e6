import { expect, it } from '@jest/globals';
import { ModelMemory, type Resident } from './model-memory.js';

class Graph implements Resident {
  isBusy = false;
  usedAtMs: number;
  answered = 1;
  unloaded = 0;

  constructor(readonly name: string) {
    this.usedAtMs = Date.now();
  }

  unload(): void {
    this.unloaded += 1;
  }

  /** @param secondsAgo when it last answered, of so many requests */
  used(secondsAgo: number, answered: number): this {
    this.usedAtMs = Date.now() - secondsAgo * 1_000;
    this.answered = answered;
    return this;
  }
}

it('holds what fits, and unloads the least recently used first', () => {
  const memory = new ModelMemory(100);
  const [a, b, c] = [new Graph('a').used(30, 1), new Graph('b').used(60, 1), new Graph('c')];
  memory.take(a, 40);
  memory.take(b, 40);
  expect([a.unloaded, b.unloaded, memory.usedBytes]).toEqual([0, 0, 80]);
  memory.take(c, 40);
  expect([a.unloaded, b.unloaded, memory.usedBytes]).toEqual([0, 1, 80]);
});

it('holds one graph at least, however large it is', () => {
  const memory = new ModelMemory(100);
  const [small, large] = [new Graph('small'), new Graph('large')];
  memory.take(small, 40);
  memory.take(large, 500);
  expect([small.unloaded, large.unloaded, memory.usedBytes]).toEqual([1, 0, 500]);
});

it('never unloads what is at work; the budget is exceeded until it rests', () => {
  const memory = new ModelMemory(100);
  const [busy, next, third] = [new Graph('busy').used(60, 1), new Graph('next'), new Graph('third')];
  busy.isBusy = true;
  memory.take(busy, 90);
  memory.take(next, 90);
  expect([busy.unloaded, memory.usedBytes]).toEqual([0, 180]);
  busy.isBusy = false;
  memory.take(third, 10);
  expect([busy.unloaded, next.unloaded, memory.usedBytes]).toEqual([1, 0, 100]);
});

it('a walk over a thousand models, each asked once, costs no busy model its place', () => {
  const memory = new ModelMemory(1_000);
  const hot = Array.from({ length: 5 }, (_, index) => new Graph(`hot-${index}`).used(300, 50));
  for (const graph of hot) memory.take(graph, 100);
  for (let index = 0; index < 1_000; index++) memory.take(new Graph(`cold-${index}`).used(0, 1), 100);
  expect(hot.map(({ unloaded }) => unloaded)).toEqual([0, 0, 0, 0, 0]);
  expect(memory.usedBytes).toBe(1_000);
});

it('what was busy long ago goes like any other', () => {
  const memory = new ModelMemory(100);
  const [former, fresh] = [new Graph('former').used(3_600, 1_000_000), new Graph('fresh').used(5, 1)];
  memory.take(former, 50);
  memory.take(fresh, 50);
  memory.take(new Graph('next'), 50);
  expect([former.unloaded, fresh.unloaded]).toEqual([1, 0]);
});

it('gives back once what was taken', () => {
  const memory = new ModelMemory(100);
  const graph = new Graph('a');
  memory.take(graph, 40);
  memory.take(graph, 60);
  expect(memory.usedBytes).toBe(60);
  memory.giveBack(graph);
  memory.giveBack(graph);
  expect(memory.usedBytes).toBe(0);
});
