import type { TrafficDocument } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { changesSince, stateOf } from './traffic-state.js';

const model = (modelName: string, live: number | null): TrafficDocument['models'][number] => ({
  modelName,
  plan: { live },
  versions: [],
  standby: null,
});
const models = Array.from({ length: 1_000 }, (_, index) => model(`model-${index}`, null));

it('a revision tells whether anything differs, and nothing else', () => {
  const revision = (all: TrafficDocument['models']) => stateOf(all, []).document.revision;
  expect(revision(models)).toBe(revision(models.map((one) => ({ ...one }))));
  expect(revision(models.toSpliced(500, 1, model('model-500', 1)))).not.toBe(revision(models));
  expect(revision(models.slice(1))).not.toBe(revision(models));
  const key = { kty: 'OKP', crv: 'Ed25519', x: '', kid: 'new', alg: 'Ed25519', use: 'sig' } as const;
  expect(stateOf(models, [key]).document.revision).not.toBe(revision(models));
});

it('of a thousand models only those are told that changed, came or went', () => {
  const before = stateOf(models, []);
  const after = stateOf([...models.toSpliced(500, 1, model('model-500', 1)).slice(1), model('new', 2)], []);
  const former = { revision: before.document.revision, fingerprints: before.fingerprints };
  expect(changesSince(former, after)).toEqual({
    since: before.document.revision,
    revision: after.document.revision,
    models: [model('model-500', 1), model('new', 2)],
    removed: ['model-0'],
    manifestKeys: [],
  });
});
