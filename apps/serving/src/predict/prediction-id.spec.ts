import { Id } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { createPredictionId } from './prediction-id.js';

it('is a UUID of version 7 that carries its time, and never the same', () => {
  const now = Date.UTC(2026, 10, 21);
  const ids = Array.from({ length: 10_000 }, () => createPredictionId(now));
  for (const id of ids.slice(0, 100)) expect(Id.safeParse(id).success).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Number.parseInt(ids[0]!.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  expect(ids[0]!.charAt(14)).toBe('7');
});

it('sorts by time', () => {
  const [early, late] = [createPredictionId(1_000), createPredictionId(2_000_000_000_000)];
  expect(early < late).toBe(true);
});
