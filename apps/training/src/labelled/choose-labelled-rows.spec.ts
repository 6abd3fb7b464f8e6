import type { ColumnExpectation } from '@gimbal/domain';
import { describe, expect, it } from '@jest/globals';
import { chooseLabelledRows, type LabelledChoiceRequest } from './choose-labelled-rows.js';
import type { LabelledRow } from './labelled-rows.repository.js';

const columns: ColumnExpectation[] = [
  { name: 'age', type: 'number', range: [1, 120], missing: 'refused', missingShareMax: 0 },
  { name: 'chol', type: 'number', range: [50, 1000], missing: 'allowed', missingShareMax: 1 },
];
const DAY = new Date('2026-03-02T10:00:00Z');
const row = (age: unknown, over: Partial<LabelledRow> = {}): LabelledRow => ({
  features: { age, chol: 200 },
  actual: 1,
  probability: 0.7,
  modelVersion: 1,
  createdAt: DAY,
  ...over,
});
const choose = (rows: readonly LabelledRow[], over: Partial<LabelledChoiceRequest> = {}) =>
  chooseLabelledRows({
    rows,
    columns,
    base: {
      table: new Map([
        ['age', [99]],
        ['chol', [Number.NaN]],
      ]),
      labels: [0],
    },
    liveVersion: 1,
    recentFrom: null,
    seed: 20,
    ...over,
  });
/** Fifty positives and fifty negatives of one day. */
const many = Array.from({ length: 100 }, (_, i) => row(1 + i, { actual: i % 2 === 0 ? 1 : 0, probability: i / 100 }));

describe('chooseLabelledRows', () => {
  it('gives the same rows in the same order however they arrived', () => {
    const { training, recent } = choose(many);
    const arrivedOtherwise = choose([...many].reverse());
    expect(arrivedOtherwise.training).toEqual(training);
    expect(arrivedOtherwise.recent).toEqual(recent);
  });

  it('leaves out and counts broken rows, rows of the dataset itself, and repetitions', () => {
    const { counts } = choose([
      row(50),
      row(50),
      row(50, { actual: 0 }), // another outcome is another patient
      row(50, { features: { age: 50, chol: 0 } }),
      row(50, { features: { chol: 200 } }),
      row('old'),
      row(99, { features: { age: 99, chol: null }, actual: 0 }),
      row(99, { features: { age: 99 }, actual: 1 }),
    ]);
    expect(counts).toMatchObject({ found: 8, refused: 3, known: 1, repeated: 1 });
    expect(counts.training + counts.recent).toBe(3);
  });

  it('keeps four in ten recent rows of each outcome apart, with the answers that were given', () => {
    const { training, recent, counts } = choose(many);
    expect(counts).toMatchObject({ training: 60, recent: 40 });
    expect(recent.labels.reduce((sum, label) => sum + label, 0)).toBe(20);
    expect([...recent.probabilities]).toEqual([...(recent.columns.get('age') ?? [])].map((age) => (age - 1) / 100));
    const ages = new Set(training.columns.get('age'));
    expect((recent.columns.get('age') ?? new Float64Array()).every((age) => !ages.has(age))).toBe(true);
  });

  it('gives the same choice for the same rows in another order, and another one for another seed', () => {
    const ages = (choice: ReturnType<typeof choose>) => [...(choice.recent.columns.get('age') ?? [])].sort();
    expect(ages(choose(many.toReversed()))).toEqual(ages(choose(many)));
    expect(ages(choose(many, { seed: 21 }))).not.toEqual(ages(choose(many)));
  });

  it('learns from what is older than the window or was answered by another version, and judges on neither', () => {
    const old = many.slice(0, 50).map((one) => ({ ...one, createdAt: new Date('2026-03-01T10:00:00Z') }));
    const foreign = many.slice(50).map((one) => ({ ...one, modelVersion: 2 }));
    expect(choose([...old, ...foreign], { recentFrom: DAY }).counts).toMatchObject({ training: 100, recent: 0 });
    expect(choose(many, { liveVersion: null }).counts).toMatchObject({ training: 100, recent: 0 });
  });
});
