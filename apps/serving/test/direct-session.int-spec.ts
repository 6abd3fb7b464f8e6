import './native-arrays.js';
import { expect, it } from '@jest/globals';
import { openDirectSession } from '../src/inference/direct-session.js';
import { SESSION_OPTIONS } from '../src/inference/scorer.js';
import { makeModel } from './make-model.js';

// Late: it takes the arrays that are there when it is loaded.
const { InferenceSession, Tensor } = await import('onnxruntime-node');
const { onnx } = makeModel(3);
const width = 3;
const ROWS = 7;
const feeds = () => ({
  features: new Tensor(
    'float32',
    Float32Array.from({ length: ROWS * width }, (_, at) => (at % 13) / 3),
    [ROWS, width],
  ),
});

it('answers as the public session does, at once', async () => {
  const direct = openDirectSession(onnx, SESSION_OPTIONS);
  if (!direct) throw new Error('The installed runtime is not the one whose native part is known.');
  const session = await InferenceSession.create(onnx, SESSION_OPTIONS);
  const said = direct.run(feeds(), ['probability']);
  if (said instanceof Promise) throw new Error('A direct run is over when it returns.');
  const wanted = await session.run(feeds(), ['probability']);
  expect(direct.outputNames).toEqual(session.outputNames);
  expect(Object.keys(said)).toEqual(['probability']);
  expect(said['probability']?.dims).toEqual(wanted['probability']?.dims);
  expect(said['probability']?.data).toEqual(wanted['probability']?.data);
  await Promise.all([direct.release(), session.release()]);
});

it('throws what the runtime says of a broken file and of a wrong run', () => {
  expect(() => openDirectSession(onnx.subarray(0, onnx.length / 2), SESSION_OPTIONS)).toThrow(/protobuf|load|parse/i);
  const direct = openDirectSession(onnx, SESSION_OPTIONS);
  expect(() => direct?.run({}, ['probability'])).toThrow();
  expect(() => direct?.run(feeds(), ['nothing'])).toThrow();
});
