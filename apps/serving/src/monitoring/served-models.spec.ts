import { expect, it } from '@jest/globals';
import type { ServedModel, ServedVersion } from '../traffic/served-models.js';
import { describeServed } from './served-models.controller.js';

const version = (number: number, threshold: number, fault?: string) =>
  [number, { planned: { version: number, threshold }, graph: { fault } } as unknown as ServedVersion] as const; // all that is described
const model = (live: number | null, versions: readonly (readonly [number, ServedVersion])[]): ServedModel => ({
  name: 'heart-disease',
  plan: { live },
  versions: new Map(versions),
});

it('names the live version with the threshold in force, and every version that answers', () => {
  expect(describeServed(model(2, [version(2, 0.45), version(1, 0.5)]))).toEqual({
    modelName: 'heart-disease',
    liveVersion: 2,
    threshold: 0.45,
    loadedVersions: [1, 2],
  });
});

// Guards the agent's check: an order that could not be carried out must not look done.
it('does not name a live version that cannot be loaded', () => {
  const broken = model(3, [version(2, 0.45), version(3, 0.5, 'ONNX Runtime cannot load the file')]);
  expect(describeServed(broken)).toMatchObject({ liveVersion: null, threshold: null, loadedVersions: [2] });
  expect(describeServed(model(null, []))).toMatchObject({ liveVersion: null, loadedVersions: [] });
});
