import { expect, it } from '@jest/globals';
import {
  canMoveStage,
  FIRST_STAGE,
  LIFECYCLE_STAGES,
  type LifecycleStage,
  STAGE_TRANSITIONS,
  transitionsFrom,
} from './stages.js';

it('reaches every stage from the first', () => {
  const reached = new Set<LifecycleStage>([FIRST_STAGE]);
  for (const _ of LIFECYCLE_STAGES) {
    for (const { from, to } of STAGE_TRANSITIONS) if (reached.has(from)) reached.add(to);
  }
  expect([...reached].sort()).toEqual([...LIFECYCLE_STAGES].sort());
});

it('has a way out of every stage, so that nothing is stuck', () => {
  for (const stage of LIFECYCLE_STAGES) expect(STAGE_TRANSITIONS.some(({ from }) => from === stage)).toBe(true);
});

it('names each edge once and never stays in place', () => {
  const edges = STAGE_TRANSITIONS.map(({ from, to, by }) => `${from} ${to} ${by}`);
  expect(new Set(edges).size).toBe(edges.length);
  for (const { from, to } of STAGE_TRANSITIONS) expect(from).not.toBe(to);
});

it('brings an archived version that was live back by rollback only', () => {
  const place = { stage: 'archived', wasLive: true } as const;
  expect(canMoveStage(place, 'production', 'rollback')).toBe(true);
  expect(transitionsFrom(place, 'promote')).toEqual([]);
});

it('lets an archived version that never answered be looked at again, and never straight into production', () => {
  const place = { stage: 'archived', wasLive: false } as const;
  expect(transitionsFrom(place, 'promote').map(({ to }) => to)).toEqual(['training', 'staging']);
});

it('never takes the live version out by hand', () => {
  const place = { stage: 'production', wasLive: true } as const;
  expect(transitionsFrom(place, 'promote')).toEqual([]);
  expect(canMoveStage(place, 'archived', 'supersede')).toBe(true);
});
