import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assessPerformance,
  buildPerformanceBaseline,
  createSeededRng,
  type LabelledAnswers,
  measureAnswers,
  type PerformanceAssessment,
  resolveLabel,
  stricterBaseline,
} from '../index.js';

/** Made by make_performance_golden.py beside it. */
const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/golden/performance.json'), 'utf8'));

const valuesOf = (answers: LabelledAnswers) =>
  Object.fromEntries(measureAnswers(answers).metrics.map(({ metric, value }) => [metric, value]));
const expectClose = (found: Record<string, number | null>, wanted: Record<string, number>) => {
  for (const [name, value] of Object.entries(wanted))
    expect([name, found[name]]).toEqual([name, expect.closeTo(value, 12)]);
};

describe('the metrics of scikit-learn', () => {
  it('of texts with a class that never comes true and answers withheld', () => {
    const { expected, ...answers } = golden.classes;
    const { recall, confusion, ...metrics } = expected;
    const text: LabelledAnswers = { task: 'text-classification', ...answers };
    expectClose(valuesOf(text), metrics);
    const table = measureAnswers(text).classes!;
    expect(table.confusion).toEqual(confusion);
    expect(table.classes.slice(0, -1).map((one) => one.recall)).toEqual(
      recall.map((value: number) => expect.closeTo(value, 12)),
    );
    expect(table.classes.at(-1)).toMatchObject({ name: 'quince', rows: 0, recall: null, recallInterval: null });
    const { answered_accuracy: _, ...always } = metrics;
    expectClose(valuesOf({ ...text, task: 'multiclass-classification' }), always);
  });

  it('of values', () => {
    const { expected, ...answers } = golden.regression;
    expectClose(valuesOf({ task: 'regression', ...answers }), expected);
  });

  it("of anomalies with tied scores, with DeLong's standard error", () => {
    const { expected, scores: probabilities, ...answers } = golden.anomalies;
    const { roc_auc_standard_error: error, ...metrics } = expected;
    const anomalies: LabelledAnswers = { task: 'anomaly-detection', probabilities, ...answers };
    expectClose(valuesOf(anomalies), metrics);
    const [loss] = measureAnswers(anomalies).losses;
    expect(loss!.mean).toBeCloseTo(1 - metrics.roc_auc, 12);
    expect(loss!.sd / Math.sqrt(loss!.rows)).toBeCloseTo(error, 12);
  });
});

interface Simulated {
  readonly seed: number;
  readonly rows: number;
  /** Share of rows that are answered with another row's answer. */
  readonly noise?: number;
}

/** Answers whose quality is known, by task. */
const SIMULATIONS: Readonly<Record<string, (given: Simulated) => LabelledAnswers>> = {
  multiclass: ({ seed, rows, noise = 0 }) => {
    const rng = createSeededRng(seed);
    const truth = Array.from({ length: rows }, () => {
      const weights = [rng(), rng(), rng()].map((value) => value ** 4);
      const sum = weights[0]! + weights[1]! + weights[2]!;
      return weights.map((value) => value / sum);
    });
    const labels = truth.map(([a = 0, b = 0]) => {
      const at = rng();
      return at < a ? 0 : at < a + b ? 1 : 2;
    });
    const probabilities = truth.flatMap((own) => (rng() < noise ? truth[Math.floor(rng() * rows)]! : own));
    return { task: 'multiclass-classification', classes: ['a', 'b', 'c'], probabilities, labels };
  },
  regression: ({ seed, rows, noise = 0 }) => {
    const rng = createSeededRng(seed);
    const truth = Array.from({ length: rows }, () => 20 + 10 * rng());
    const values = truth.map((own) => (rng() < noise ? truth[Math.floor(rng() * rows)]! : own) + 2 * (rng() - 0.5));
    return { task: 'regression', values, labels: truth };
  },
  anomaly: ({ seed, rows, noise = 0 }) => {
    const rng = createSeededRng(seed);
    const labels = Array.from({ length: rows }, (): 0 | 1 => (rng() < 0.2 ? 1 : 0));
    const scores = labels.map((label) => (label === 1 ? 0.3 + 0.7 * rng() : 0.6 * rng()));
    const probabilities = scores.map((own) => (rng() < noise ? scores[Math.floor(rng() * rows)]! : own));
    return { task: 'anomaly-detection', probabilities, labels, threshold: 0.5 };
  },
};

describe.each(Object.entries(SIMULATIONS))('the verdict on %s', (_task, simulate) => {
  const baseline = buildPerformanceBaseline(simulate({ seed: 1, rows: 400 }))!;
  const assess = (window: LabelledAnswers, seed = 9): PerformanceAssessment =>
    assessPerformance({ window, baseline, rng: createSeededRng(seed), options: { replicates: 200 } });

  it('stays healthy when nothing changed: at most 3 of 60 windows of 120 rows are called degraded', () => {
    const verdicts = Array.from({ length: 60 }, (_, i) => assess(simulate({ seed: 100 + i, rows: 120 }), i).verdict);
    expect(verdicts.filter((verdict) => verdict === 'degraded').length).toBeLessThanOrEqual(3);
    expect(verdicts).toContain('healthy');
  });

  it("is degraded when the answers are another row's, with the loss that decided and its numbers", () => {
    const found = assess(simulate({ seed: 2, rows: 300, noise: 1 }));
    expect(found.verdict).toBe('degraded');
    expect(found.losses[0]).toMatchObject({ degraded: true, direction: 'higher-is-worse' });
    expect(found.reasons[0]).toMatch(/ against .* excess at least .* let pass$/);
    expect(found.skill.skill!).toBeLessThan(0.2);
  });

  it('is insufficient on few rows, and without a baseline unless worse than a constant', () => {
    expect(assess(simulate({ seed: 3, rows: 29, noise: 1 })).verdict).toBe('insufficient');
    const alone = assessPerformance({
      window: simulate({ seed: 4, rows: 200 }),
      baseline: null,
      rng: createSeededRng(1),
    });
    expect(alone).toMatchObject({ verdict: 'insufficient', reasons: ['no baseline to compare with'], losses: [] });
  });

  it('holds a version that was bad from the start against the stricter baseline', () => {
    const bad = buildPerformanceBaseline(simulate({ seed: 5, rows: 400, noise: 1 }));
    expect(stricterBaseline(bad, baseline)).toBe(baseline);
  });

  it('repeats itself from the same seed, survives JSON, and its intervals hold the values', () => {
    const window = simulate({ seed: 6, rows: 200 });
    const found = assess(window);
    expect(assess(window)).toEqual(found);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    for (const { value, interval } of found.metrics) {
      expect(interval!.lower).toBeLessThan(value!);
      expect(interval!.upper).toBeGreaterThan(value!);
    }
  });
});

it('does not conclude from a handful of anomalies, whose ranking is a matter of luck', () => {
  const labels = Array.from({ length: 200 }, (_, i): 0 | 1 => (i < 4 ? 1 : 0));
  const window: LabelledAnswers = {
    task: 'anomaly-detection',
    probabilities: labels.map((label) => 1 - label),
    labels,
    threshold: 0.5,
  };
  expect(assessPerformance({ window, baseline: null, rng: createSeededRng(1) })).toMatchObject({
    verdict: 'insufficient',
    reasons: ['4 anomalies and 196 ordinary rows, of at least 10 each'],
  });
});

it('answers for any values, scores, probabilities and labels without throwing, in JSON numbers', () => {
  const number = fc.oneof(fc.double(), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 0.5));
  const rows = fc.array(fc.tuple(number, number, fc.integer({ min: -1, max: 3 })), { maxLength: 50 });
  fc.assert(
    fc.property(rows, (given) => {
      const windows: LabelledAnswers[] = [
        { task: 'regression', values: given.map(([a]) => a % 1e6), labels: given.map(([, b]) => b % 1e6) },
        {
          ...{ task: 'text-classification', classes: ['a', 'b'] },
          probabilities: given.flatMap((row) => row.slice(0, 2)),
          labels: given.map(([, , label]) => label),
          answered: given.map(([, , label]) => (label > 1 ? -1 : label)),
        },
        {
          ...{ task: 'anomaly-detection', threshold: 0.5 },
          probabilities: given.map(([a]) => a),
          labels: given.map(([, , label]) => (label > 0 ? 1 : 0)),
        },
      ];
      for (const window of windows) {
        const found = assessPerformance({
          window,
          baseline: null,
          rng: createSeededRng(1),
          options: { replicates: 20 },
        });
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      }
    }),
    { numRuns: 60 },
  );
});

describe('a label', () => {
  const wine = { task: 'multiclass-classification', classes: ['1', '2', 'rosé'] } as const;
  it.each([
    [wine, 'rosé', 2],
    [wine, 2, 1],
    [{ task: 'regression', classes: [] }, -3.5, -3.5],
    [{ task: 'anomaly-detection', classes: [] }, true, 1],
    [{ task: 'binary-classification', classes: [] }, 0, 0],
  ] as const)('of %j: %p is kept as %p', (frame, stated, actual) => {
    expect(resolveLabel(frame, stated)).toEqual({ actual });
  });

  it.each([
    [wine, 'blue', '"blue" is no class of the model: "1", "2", "rosé"'],
    [{ task: 'regression', classes: [] }, 'much', 'must be a number: the model tells values'],
    [{ task: 'anomaly-detection', classes: [] }, 0.3, 'must be true (an anomaly) or false, 1 or 0'],
    [{ task: 'binary-classification', classes: [] }, 2, 'must be 1 (positive) or 0, true or false'],
  ] as const)('of %j: %p is refused by name', (frame, stated, fault) => {
    expect(resolveLabel(frame, stated)).toEqual({ fault });
  });
});
