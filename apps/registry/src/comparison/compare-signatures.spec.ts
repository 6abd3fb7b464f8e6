import type { ModelSignature } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { compareSignatures } from './compare-signatures.js';

const input = (name: string, changes: Partial<ModelSignature['inputs'][number]> = {}) => ({
  ...{ name, type: 'number' as const, description: '', allowed: null, range: null, missing: 'allowed' as const },
  ...{ trainingRange: null, ...changes },
});
const signature = (...inputs: ModelSignature['inputs']): ModelSignature => ({
  ...{ task: 'regression', target: 'y', codings: {}, inputs },
});

it('finds no difference between signatures that say the same', () => {
  expect(compareSignatures(signature(input('x')), signature(input('x')))).toEqual({ same: true, differences: [] });
  expect(compareSignatures(null, null)).toEqual({ same: true, differences: [] });
});

it('names what changed of an input, and inputs that came, went or moved', () => {
  const { same, differences } = compareSignatures(
    signature(input('x'), input('y')),
    signature(input('y', { missing: 'refused' }), input('x')),
  );
  expect(same).toBe(false);
  expect(differences).toEqual([
    { path: 'inputs', v1: ['x', 'y'], v2: ['y', 'x'] },
    { path: 'inputs.y.missing', v1: 'allowed', v2: 'refused' },
  ]);
  const gone = compareSignatures(signature(input('x')), signature(input('z'))).differences.map(({ path }) => path);
  expect(gone).toEqual(expect.arrayContaining(['inputs', 'inputs.x.type', 'inputs.z.type']));
});

it('shows everything of a version that serving can run beside one that it cannot', () => {
  expect(compareSignatures(null, signature(input('x'))).differences).toContainEqual({
    ...{ path: 'task', v1: null, v2: 'regression' },
  });
});
