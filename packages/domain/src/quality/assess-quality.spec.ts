import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assessQuality,
  buildColumns,
  buildReferenceProfile,
  createSeededRng,
  type FeatureDefinition,
  type QualityAssessment,
} from '../index.js';

const definitions: readonly FeatureDefinition[] = [
  { name: 'chol', type: 'numeric', range: { min: 85, max: 603 } },
  { name: 'pulse', type: 'numeric' },
  { name: 'weight', type: 'numeric', range: { min: 0, max: 300 } },
  { name: 'sex', type: 'categorical', allowedValues: ['0', '1'] },
  { name: 'thal', type: 'categorical', allowedValues: ['3', '6', '7'] },
];
type Row = Record<string, unknown>;

function makeRows(seed: number, rows: number, change: (row: Row, index: number) => Row = (row) => row): Row[] {
  const rng = createSeededRng(seed);
  return Array.from({ length: rows }, (_, i) =>
    change(
      {
        chol: 150 + Math.round(rng() * 200),
        weight: 50 + rng() * 60,
        pulse: 70 + Math.round(rng() * 1000) / 10,
        sex: rng() < 0.6 ? 1 : 0,
        thal: rng() < 0.5 ? 3 : 7,
      },
      i,
    ),
  );
}

const reference = buildReferenceProfile({ columns: buildColumns(makeRows(1, 300), definitions) });
const assess = (rows: Row[]): QualityAssessment =>
  assessQuality({ columns: buildColumns(rows, definitions), definitions, reference });
const found = (result: QualityAssessment): string[] =>
  result.findings.map(({ feature, check, severity }) => `${feature} ${check} ${severity}`);

it('finds nothing in rows like the reference', () => {
  expect(assess(makeRows(2, 120))).toMatchObject({ verdict: 'ok', findings: [], reasons: [] });
});

describe('a broken column is a fault', () => {
  it('when a measurement is 0 in every row, declared range or not', () => {
    const result = assess(makeRows(3, 100, (row) => ({ ...row, chol: 0, pulse: 0 })));
    expect(result.verdict).toBe('fault');
    expect(found(result).toSorted()).toEqual([
      'chol implausible-zero fault',
      'chol out-of-range fault',
      'chol stuck fault',
      'pulse implausible-zero fault',
      'pulse stuck fault',
    ]);
  });

  it('when a measurement is stuck at a plausible value', () => {
    expect(found(assess(makeRows(4, 100, (row) => ({ ...row, pulse: 100 }))))).toEqual(['pulse stuck fault']);
  });

  it('when the codes are those of another file', () => {
    const result = assess(makeRows(5, 100, (row) => ({ ...row, thal: 2 })));
    expect(found(result)).toContain('thal value-not-allowed fault');
  });

  it('when numbers became text, or infinite', () => {
    expect(found(assess(makeRows(6, 60, (row) => ({ ...row, pulse: 'fast' }))))).toContain('pulse malformed fault');
    expect(found(assess(makeRows(6, 60, (row) => ({ ...row, pulse: Number.POSITIVE_INFINITY }))))).toContain(
      'pulse infinite fault',
    );
  });

  it('when values are missing that the definition requires', () => {
    const required = definitions.map((definition) => ({ ...definition, missing: 'refused' as const }));
    const columns = buildColumns(
      makeRows(7, 60, (row) => ({ ...row, chol: null })),
      required,
    );
    expect(found(assessQuality({ columns, definitions: required, reference }))).toEqual(['chol missing-refused fault']);
  });

  it('only once half of it is invalid beyond doubt', () => {
    const zeros = (share: number) =>
      assess(makeRows(8, 200, (row, i) => (i < 200 * share ? { ...row, chol: 0 } : row))).verdict;
    expect([0.25, 0.45, 0.52, 0.6, 1].map(zeros)).toEqual(['warning', 'warning', 'warning', 'fault', 'fault']);
    expect(assess(makeRows(9, 2, (row) => ({ ...row, chol: 0 }))).verdict).toBe('warning');
  });
});

it('takes a zero for a measurement where the declared range holds it', () => {
  const result = assess(makeRows(20, 200, (row, i) => (i < 50 ? { ...row, weight: 0 } : row)));
  expect(found(result)).toEqual(['weight outside-training-range warning']);
});

describe('an honest change is a warning and never hides the drift verdict behind a fault', () => {
  it('when an allowed value is missing in 99 % or in all of the rows', () => {
    expect(found(assess(makeRows(10, 200, (row, i) => (i < 198 ? { ...row, thal: null } : row))))).toEqual([
      'thal missing-share warning',
    ]);
    expect(found(assess(makeRows(11, 200, ({ thal: _, ...row }) => row)))).toEqual(['thal missing-share warning']);
  });

  it('when a code holds one allowed value in every row', () => {
    expect(found(assess(makeRows(12, 200, (row) => ({ ...row, sex: 1 }))))).toEqual(['sex became-constant warning']);
  });

  it('when an allowed code was never seen, or values lie beyond the training range', () => {
    expect(found(assess(makeRows(13, 200, (row, i) => (i % 10 === 0 ? { ...row, thal: 6 } : row))))).toEqual([
      'thal unseen-category warning',
    ]);
    expect(found(assess(makeRows(14, 200, (row, i) => (i % 10 === 0 ? { ...row, pulse: 400 } : row))))).toEqual([
      'pulse outside-training-range warning',
    ]);
  });

  it('when rows repeat', () => {
    const rows = makeRows(15, 50);
    const result = assess([...rows, ...rows]);
    expect(result.duplicateRows).toBe(50);
    expect(found(result)).toEqual(['null duplicate-rows warning']);
  });
});

it('does not warn of what the reference also had', () => {
  const holes = (row: Row, i: number): Row => ({ ...row, chol: i % 4 === 0 ? null : row['chol'] });
  const before = buildReferenceProfile({ columns: buildColumns(makeRows(16, 300, holes), definitions) });
  const columns = buildColumns(makeRows(17, 150, holes), definitions);
  expect(assessQuality({ columns, definitions, reference: before }).verdict).toBe('ok');
});

it('checks the definitions alone before there is a reference', () => {
  const columns = buildColumns(
    makeRows(18, 60, (row) => ({ ...row, chol: 0 })),
    definitions,
  );
  expect(found(assessQuality({ columns, definitions, reference: null }))).toEqual(['chol out-of-range fault']);
});

it('says how many rows, of how many, against which share', () => {
  const [finding] = assess(makeRows(19, 200, (row, i) => (i < 50 ? { ...row, pulse: 0 } : row))).findings;
  expect(finding).toMatchObject({ feature: 'pulse', rows: 50, ofRows: 200, share: 0.25, referenceShare: 0 });
  expect(finding!.adjustedPValue).toBeLessThan(1e-6);
});

it('answers for any rows without throwing, in JSON numbers', () => {
  const value = fc.oneof(
    fc.float(),
    fc.constantFrom(null, undefined, '', '?', '3', '3.0', 'x', true, Infinity, -Infinity, {}, '__proto__'),
  );
  const row = fc.record({ chol: value, pulse: value, sex: value, thal: value }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), fc.array(row, { maxLength: 40 }), (before, now) => {
      const profile = buildReferenceProfile({ columns: buildColumns(before, definitions) });
      const result = assessQuality({ columns: buildColumns(now, definitions), definitions, reference: profile });
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    }),
    { numRuns: 200 },
  );
});
