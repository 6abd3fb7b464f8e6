import { Id, type LogDefinition } from '@gimbal/contracts';
import { drawIdSeed } from '@gimbal/platform';
import { expect, it } from '@jest/globals';
import { predictionIdOf, timeOfSeed } from './prediction-id.js';

const NOW = Date.UTC(2026, 10, 21);
const definition: LogDefinition = {
  modelVersionId: '01926c3a-0000-7000-8000-000000000001',
  ...{ modelName: 'heart-disease', modelVersion: 1, threshold: 0.5, inputs: [] },
};

it('is a UUID of version 7 that carries its time, and never the same', () => {
  const ids = Array.from({ length: 10_000 }, () => predictionIdOf(drawIdSeed(NOW), definition));
  for (const id of ids.slice(0, 100)) expect(Id.safeParse(id).success).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Number.parseInt(ids[0]!.replaceAll('-', '').slice(0, 12), 16)).toBe(NOW);
  expect(timeOfSeed(drawIdSeed(NOW))).toBe(NOW);
  expect(ids[0]!.charAt(14)).toBe('7');
});

it('sorts by time', () => {
  const [early, late] = [1_000, 2_000_000_000_000].map((time) => predictionIdOf(drawIdSeed(time), definition));
  expect(early! < late!).toBe(true);
});

it('is the same for the same seed, whoever asks, unless another version or threshold answers', () => {
  const seed = drawIdSeed(NOW);
  const id = predictionIdOf(seed, definition);
  expect(predictionIdOf(Uint8Array.from(seed), structuredClone(definition))).toBe(id);
  const others = [
    { ...definition, threshold: 0.4 },
    { ...definition, modelVersionId: '01926c3a-0000-7000-8000-000000000002' },
  ].map((other) => predictionIdOf(seed, other));
  expect(new Set([id, ...others]).size).toBe(3);
});
