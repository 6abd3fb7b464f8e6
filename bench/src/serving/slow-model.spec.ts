import { expect, it } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { slowGraph } from './slow-model.js';

it.each([128, 200, 512])('multiplies matrices of %i numbers a side', async (size) => {
  const session = await InferenceSession.create(slowGraph(size));
  const { value } = await session.run({ features: new Tensor('float32', Float32Array.of(0.25, 0.5), [1, 2]) });
  expect(value?.data[0]).toBeCloseTo(0.5 * 0.5 * size, 3); // each number of the product is a sum of `size` squares of the larger one
});
