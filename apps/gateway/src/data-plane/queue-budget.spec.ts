import { describe, expect, it } from '@jest/globals';
import { QueueBudget } from './queue-budget.js';

interface Setting {
  readonly budgetMs: number;
  /** Time between two requests, ms. */
  readonly everyMs: number;
  /** Time that serving takes for one batch, ms. */
  readonly runMs: number;
  /** Requests that one batch may hold. */
  readonly batch: number;
  readonly untilMs: number;
}

/** Serving that runs one batch after the other, on a clock of its own. */
function simulate({ budgetMs, everyMs, runMs, batch, untilMs }: Setting) {
  const budget = new QueueBudget(budgetMs);
  const waiting: number[] = [];
  let running: number[] = [];
  let busyUntilMs = 0;
  const seen = { latencies: [] as { atMs: number; ms: number }[], refused: 0, asked: 0, idleMs: 0 };
  const queues: ReturnType<QueueBudget['enter']>[] = [];
  for (let nowMs = 0; nowMs < untilMs; nowMs++) {
    if (running.length > 0 && nowMs >= busyUntilMs) {
      for (const enteredMs of running) {
        budget.leave(queues.pop()!, enteredMs, nowMs);
        seen.latencies.push({ atMs: nowMs, ms: nowMs - enteredMs });
      }
      running = [];
    }
    for (let count = Math.floor(nowMs / everyMs) - Math.floor((nowMs - 1) / everyMs); count > 0; count--) {
      seen.asked += 1;
      try {
        queues.push(budget.enter('m', nowMs));
        waiting.push(nowMs);
      } catch {
        seen.refused += 1;
      }
    }
    if (running.length === 0 && waiting.length > 0) {
      running = waiting.splice(0, batch);
      busyUntilMs = nowMs + runMs;
    }
    if (running.length === 0) seen.idleMs += 1;
  }
  return seen;
}

const longest = ({ latencies }: ReturnType<typeof simulate>) =>
  latencies.reduce((most, { ms }) => Math.max(most, ms), 0);

describe('at twice what can be answered', () => {
  it.each([
    { runMs: 2, batch: 1, everyMs: 1 },
    { runMs: 20, batch: 20, everyMs: 0.5 },
    { runMs: 50, batch: 1, everyMs: 25 },
  ])(
    '%j: what is admitted waits about as long as the budget allows, and half is answered, however long it goes on',
    (load) => {
      const seen = simulate({ budgetMs: 300, untilMs: 200_000, ...load });
      expect(longest(seen)).toBeLessThan(300 * 1.35 + 3 * load.runMs);
      expect(seen.refused / seen.asked).toBeGreaterThan(0.4);
      expect(seen.refused / seen.asked).toBeLessThan(0.55);
      expect(seen.idleMs).toBeLessThan(200);
    },
  );
});

describe('nothing is refused', () => {
  it('below what can be answered', () => {
    expect(simulate({ budgetMs: 100, everyMs: 2.5, runMs: 2, batch: 1, untilMs: 20_000 }).refused).toBe(0);
  });

  it('of a burst after a quiet spell, however long that was', () => {
    const budget = new QueueBudget(100);
    for (let nowMs = 0; nowMs < 60_000; nowMs += 1_000) budget.leave(budget.enter('m', nowMs), nowMs, nowMs + 1);
    for (let count = 0; count < 5_000; count++) expect(() => budget.enter('m', 60_000)).not.toThrow();
  });

  it('of a model whose runs take longer than the budget, when more requests make no longer runs', () => {
    const seen = simulate({ budgetMs: 100, everyMs: 50, runMs: 400, batch: 64, untilMs: 30_000 });
    expect(seen.refused).toBe(0);
  });
});

it('each model has its own queue', () => {
  const budget = new QueueBudget(10);
  const held = Array.from({ length: 50 }, () => budget.enter('slow', 0));
  held.splice(0, 40).forEach((queue, index) => {
    budget.leave(queue, 0, 100 * index);
  });
  expect(() => budget.enter('slow', 4_000)).toThrow('overloaded');
  expect(() => budget.enter('quick', 4_000)).not.toThrow();
  for (const queue of held) budget.leave(queue, 0, 4_000);
  expect(() => budget.enter('slow', 4_001)).not.toThrow();
});

it('holds no more than a thousand names that nobody waits for, however many are invented, one after the other or at once', () => {
  const budget = new QueueBudget(10);
  for (let name = 0; name < 30_000; name++) budget.leave(budget.enter(`invented-${name}`, name), name, name + 1);
  expect(budget.size).toBeLessThanOrEqual(1_000);
  const held = Array.from({ length: 20_000 }, (_, name) => budget.enter(`waiting-${name}`, 40_000));
  expect(budget.size).toBeLessThanOrEqual(21_000);
  for (const queue of held.reverse()) budget.leave(queue, 40_000, 40_001);
  expect(budget.size).toBeLessThanOrEqual(1_000);
});

it('learns anew what a model takes that became slower in the middle of a load', () => {
  const budget = new QueueBudget(100);
  let running: { queue: ReturnType<QueueBudget['enter']>; atMs: number; untilMs: number }[] = [];
  let refusedLately = 0;
  for (let nowMs = 0; nowMs < 60_000; nowMs++) {
    for (const { queue, atMs } of running.filter(({ untilMs }) => untilMs <= nowMs)) budget.leave(queue, atMs, nowMs);
    running = running.filter(({ untilMs }) => untilMs > nowMs);
    if (nowMs % 2 !== 0) continue;
    const runMs = nowMs < 20_000 ? 5 : 400; // as many at once as one likes
    try {
      running.push({ queue: budget.enter('m', nowMs), atMs: nowMs, untilMs: nowMs + runMs });
    } catch {
      if (nowMs > 40_000) refusedLately += 1;
    }
  }
  expect(refusedLately).toBe(0);
});
