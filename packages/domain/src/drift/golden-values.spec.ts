import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  alignCategories,
  buildColumns,
  chiSquareTwoSample,
  kolmogorovSmirnovDistance,
  kolmogorovSmirnovPValue,
  type NumericProfile,
  profileFeature,
  wassersteinDistance,
} from '../index.js';

// Reference numbers: SciPy 1.17.1, ks_2samp(method='asymp'), wasserstein_distance and chi2_contingency(correction=False) on the processed
// UCI heart-disease files (doi:10.24432/C52P4X) of four hospitals, Cleveland as the reference, "?" left out. The files are not part of the repository.
const folder = process.env.GIMBAL_DATA_DIR ?? '';
const present = folder !== '' && existsSync(join(folder, 'heart-cleveland.csv'));
const describeWithFiles = present ? describe : describe.skip;
const reason = present ? '' : ' (skipped: GIMBAL_DATA_DIR names no folder with heart-cleveland.csv)';

function readRows(hospital: string): Record<string, string>[] {
  const [header, ...lines] = readFileSync(join(folder, `heart-${hospital}.csv`), 'utf8')
    .trim()
    .split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])));
}

const profileOf = (hospital: string, name: string, type: 'numeric' | 'categorical') =>
  profileFeature(buildColumns(readRows(hospital), [{ name, type }])[0]!);

describeWithFiles(`UCI heart disease, Cleveland against the other hospitals${reason}`, () => {
  it.each([
    ['hungarian', 'age', 294, '0.355392', '2.4072e-17', '6.612413'],
    ['hungarian', 'chol', 271, '0.059089', '6.7774e-1', '9.755288'],
    ['switzerland', 'thalach', 122, '0.464210', '1.0843e-17', '28.049884'],
    ['switzerland', 'chol', 123, '1.000000', '0.0000e+0', '246.693069'],
    ['va-long-beach', 'thalach', 147, '0.515996', '5.1501e-25', '26.811342'],
    ['va-long-beach', 'oldpeak', 144, '0.223804', '8.5681e-5', '0.345118'],
  ])(
    '%s %s: KS distance, p and Wasserstein-1 equal SciPy to every digit',
    (hospital, feature, rows, distance, p, area) => {
      const reference = (profileOf('cleveland', feature, 'numeric') as NumericProfile).distribution; // asked for as numeric
      const current = (profileOf(hospital, feature, 'numeric') as NumericProfile).distribution; // asked for as numeric
      const d = kolmogorovSmirnovDistance(reference, current);
      expect(current.count).toBe(rows);
      expect(d.toFixed(6)).toBe(distance);
      expect(kolmogorovSmirnovPValue(d, reference.count, current.count).toExponential(4)).toBe(p);
      expect(wassersteinDistance(reference, current).toFixed(6)).toBe(area);
    },
  );

  it.each([
    ['hungarian', '33.175691', '2.9572e-7'],
    ['switzerland', '38.305173', '2.4357e-8'],
    ['va-long-beach', '19.275496', '2.3978e-4'],
  ])('%s cp: chi-square and p equal SciPy to every digit', (hospital, statistic, p) => {
    const counts = alignCategories(
      profileOf('cleveland', 'cp', 'categorical'),
      profileOf(hospital, 'cp', 'categorical'),
    );
    const result = chiSquareTwoSample(counts.reference, counts.current);
    expect(result).toMatchObject({ dof: 3 });
    expect(result.statistic.toFixed(6)).toBe(statistic);
    expect(result.pValue.toExponential(4)).toBe(p);
  });
});
