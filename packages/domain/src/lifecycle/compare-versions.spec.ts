import { expect, it } from '@jest/globals';
import { compareVersions } from './compare-versions.js';

it('gives both values, the difference and the change in percent', () => {
  expect(compareVersions({ f1_score: 0.8 }, { f1_score: 0.9 })).toEqual({
    f1_score: { v1: 0.8, v2: 0.9, diff: expect.closeTo(0.1, 12), pctChange: expect.closeTo(12.5, 10) },
  });
});

it('answers 0 percent when the first value is 0', () => {
  expect(compareVersions({ recall: 0 }, { recall: 0.5 })).toEqual({
    recall: { v1: 0, v2: 0.5, diff: 0.5, pctChange: 0 },
  });
});

it('leaves the difference open where a version has no value', () => {
  expect(compareVersions({ roc_auc: null, brier: 0.1 }, { roc_auc: 0.9 })).toEqual({
    roc_auc: { v1: null, v2: 0.9, diff: null, pctChange: null },
    brier: { v1: 0.1, v2: null, diff: null, pctChange: null },
  });
});

it('takes a value that is not finite as absent', () => {
  expect(compareVersions({ log_loss: Number.NaN }, { log_loss: Number.POSITIVE_INFINITY })).toEqual({
    log_loss: { v1: null, v2: null, diff: null, pctChange: null },
  });
});
