import type { ModelSignature } from '@gimbal/contracts';

/** Three inputs of the heart disease data: a number that must be there, one that may be missing, and a category. */
export const SIGNATURE: ModelSignature = {
  task: 'binary-classification',
  target: 'num',
  inputs: [
    {
      name: 'age',
      type: 'number',
      description: 'years',
      allowed: null,
      range: [0, 120],
      missing: 'refused',
      trainingRange: [29, 77],
    },
    {
      name: 'chol',
      type: 'number',
      description: 'mg/dl',
      allowed: null,
      range: [85, 700],
      missing: 'allowed',
      trainingRange: [126, 564],
    },
    {
      name: 'thal',
      type: 'category',
      description: 'defect',
      allowed: [3, 6, 7],
      range: null,
      missing: 'allowed',
      trainingRange: null,
    },
  ],
  codings: { kaggle: { thal: { '1': 6, '2': 3, '3': 7 } } },
};
