import { expect, it } from '@jest/globals';
import { ReceiverPace } from './receiver-pace.js';

it('gives one webhook four places, and others theirs', () => {
  const pace = new ReceiverPace();
  const waits = Array.from({ length: 5 }, () => pace.take('slow', 0));
  expect(waits).toEqual([0, 0, 0, 0, 1_000]);
  expect(pace.take('other', 0)).toBe(0);
  pace.leave('slow', 'taken', 0);
  expect(pace.take('slow', 0)).toBe(0);
});

it('lets a receiver rest after a failure, longer each time, and then sends it one delivery', () => {
  const pace = new ReceiverPace();
  pace.take('away', 0);
  pace.leave('away', 'failed', 0);
  expect(pace.take('away', 400)).toBe(600);
  expect(pace.take('away', 1_000)).toBe(0);
  expect(pace.take('away', 1_000)).toBe(1_000);
  pace.leave('away', 'failed', 1_000);
  expect(pace.take('away', 1_000)).toBe(2_000);
  for (let now = 3_000; now < 10_000_000; now += 60_000) {
    expect(pace.take('away', now)).toBe(0);
    pace.leave('away', 'failed', now);
  }
});

it('is as before once the receiver takes a delivery', () => {
  const pace = new ReceiverPace();
  pace.take('back', 0);
  pace.leave('back', 'failed', 0);
  pace.take('back', 1_000);
  pace.leave('back', 'taken', 1_000);
  expect(Array.from({ length: 5 }, () => pace.take('back', 1_000))).toEqual([0, 0, 0, 0, 1_000]);
});

it('does not count a place that was not used', () => {
  const pace = new ReceiverPace();
  pace.take('unused', 0);
  pace.leave('unused', 'unused', 0);
  expect(pace.take('unused', 0)).toBe(0);
});
