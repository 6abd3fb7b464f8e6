import { INFERENCE_METHODS, type PredictCall } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { queueNameOf } from './queue-name.js';

const CALL: PredictCall = {
  ...{ route: 'grpcModelInfer', params: {}, query: [], trafficKey: null, keyId: '', requestId: 'r', headers: {} },
  body: new Uint8Array(),
};
/** A ModelInferRequest that begins with its model's name, within a larger buffer. */
const messageOf = (name: string): Uint8Array => {
  const text = Buffer.from(name, 'latin1');
  return Buffer.concat([Buffer.from('....'), Buffer.from([0x0a, text.byteLength]), text, Buffer.from('....')]).subarray(
    4,
  );
};

it('is the model that the path or a message over gRPC names, or else the route', () => {
  expect(queueNameOf({ ...CALL, route: 'predictModel', params: { model: 'churn' } })).toBe('churn');
  expect(queueNameOf({ ...CALL, route: 'predict', body: messageOf('churn') })).toBe('predict');
  expect(queueNameOf({ ...CALL, body: messageOf('churn') })).toBe('churn');
  expect(queueNameOf({ ...CALL, body: messageOf('x'.repeat(127)) })).toBe('x'.repeat(127));
  const body = INFERENCE_METHODS.ModelInfer.request.encode({ model_name: 'churn', model_version: '3', id: 'mine' });
  expect(queueNameOf({ ...CALL, body })).toBe('churn');
});

it('is the route of whatever does not begin with a name, and no message is too short or too odd to have one', () => {
  const compressed = { ...CALL, headers: { 'content-encoding': 'gzip' }, body: messageOf('churn') };
  const cut = messageOf('churn').subarray(0, 5);
  for (const call of [CALL, compressed, { ...CALL, body: cut }, { ...CALL, body: Buffer.from([0x0a]) }])
    expect(queueNameOf(call)).toBe('grpcModelInfer');
  fc.assert(
    fc.property(fc.uint8Array(), (body) => {
      expect(queueNameOf({ ...CALL, body }).length).toBeLessThan(128);
    }),
  );
});
