import { describe, expect, it } from '@jest/globals';
import { COHORT_SEED, generateCohort } from './generate-cohort.js';

const make = (hospital: string, rows = 300) => generateCohort({ hospital, rows, seed: COHORT_SEED });
const share = (values: readonly boolean[]): number => values.filter(Boolean).length / values.length;
const CODES: Record<string, readonly number[]> = {
  sex: [0, 1],
  cp: [1, 2, 3, 4],
  fbs: [0, 1],
  restecg: [0, 1, 2],
  exang: [0, 1],
  slope: [1, 2, 3],
  ca: [0, 1, 2, 3],
  thal: [3, 6, 7],
  num: [0, 1, 2, 3, 4],
};

describe('generateCohort', () => {
  it('makes the same patients from the same seed, and others from another', () => {
    expect(make('cleveland')).toEqual(make('cleveland'));
    expect(make('cleveland')).not.toEqual(generateCohort({ hospital: 'cleveland', rows: 300, seed: COHORT_SEED + 9 }));
    expect(make('cleveland')[0]).not.toEqual(make('hungarian')[0]);
  });

  it.each(['cleveland', 'hungarian', 'va-long-beach', 'switzerland'])(
    'keeps to the columns and codes of the files: %s',
    (hospital) => {
      for (const patient of make(hospital)) {
        expect(Object.keys(patient)).toEqual([
          'age',
          'sex',
          'cp',
          'trestbps',
          'chol',
          'fbs',
          'restecg',
          'thalach',
          'exang',
          'oldpeak',
          'slope',
          'ca',
          'thal',
          'num',
        ]);
        for (const [name, codes] of Object.entries(CODES))
          if (patient[name] !== null) expect(codes).toContain(patient[name]);
      }
    },
  );

  it('has the traits of the four hospitals: prevalence, missing scans, a broken cholesterol', () => {
    const ill = (hospital: string) => share(make(hospital).map(({ num }) => (num ?? 0) > 0));
    expect(ill('cleveland')).toBeGreaterThan(0.4);
    expect(ill('cleveland')).toBeLessThan(0.6);
    expect(ill('hungarian')).toBeLessThan(0.55);
    expect(ill('va-long-beach')).toBeGreaterThan(0.65);
    expect(ill('switzerland')).toBeGreaterThan(0.8);
    expect(share(make('hungarian').map(({ ca }) => ca === null))).toBeGreaterThan(0.4);
    expect(make('switzerland').every(({ chol }) => chol === 0)).toBe(true);
    expect(share(make('va-long-beach').map(({ chol }) => chol === 0))).toBeGreaterThan(0.15);
  });
});
