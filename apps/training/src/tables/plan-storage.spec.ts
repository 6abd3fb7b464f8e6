import type { AlgorithmName } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { planStorage } from './plan-storage.js';

const families = (...names: AlgorithmName[]) =>
  names.map((name) => ({ id: name, algorithm: name, hyperparameters: {} }));
const boosting = families('gradient-boosting-level-wise', 'gradient-boosting-leaf-wise');
const all = [...families('logistic-regression', 'random-forest'), ...boosting];
const large = { rows: 10_000_000, inputs: 50, limitMib: 1_024 };

it('keeps in memory what fits there, to the last byte, and every family competes', () => {
  const exact = { rows: 1_048_576, inputs: 64, limitMib: 256 };
  expect(planStorage(exact, all, 'asked')).toEqual({ storage: 'memory', competitors: all, warnings: [] });
  expect(planStorage({ ...exact, rows: exact.rows + 1 }, boosting, 'asked').storage).toBe('disk');
});

it('leaves boosting to learn a larger table from the disk', () => {
  expect(planStorage(large, boosting, 'asked')).toEqual({ storage: 'disk', competitors: boosting, warnings: [] });
  const { competitors, warnings } = planStorage(large, all, 'default');
  expect(competitors).toEqual(boosting);
  expect(warnings).toMatchObject([{ code: 'family-left-out', column: null }]);
});

it('refuses a family that was asked for and needs more, and says how much and what to choose', () => {
  expect(() => planStorage(large, all, 'asked')).toThrow(
    expect.objectContaining({
      code: 'table-too-large',
      detail:
        'logistic-regression, random-forest: 1908 MiB of memory for 10,000,000 rows of 50 inputs, where TRAINING_TABLE_MEMORY allows 1024. ' +
        'Choose gradient-boosting-level-wise or gradient-boosting-leaf-wise, which learn from the disk and take 716, or raise it.',
    }),
  );
});

it('refuses even boosting where the bins alone are too many', () => {
  const detail = expect.stringMatching(/leaf-wise: 716 MiB .* allows 512\. Raise it, or upload fewer/);
  expect(() => planStorage({ ...large, limitMib: 512 }, boosting, 'default')).toThrow(
    expect.objectContaining({ code: 'table-too-large', detail }),
  );
  expect(() => planStorage(large, families('isolation-forest'), 'default')).toThrow(
    expect.objectContaining({ code: 'table-too-large' }),
  );
});
