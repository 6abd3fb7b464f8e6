import './native-arrays.js';
import { gzipSync } from 'node:zlib';
import { OpenInferAnswer } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { binaryTensor, float32, HEADER, OpenServing, outputsOf, PATIENT, tensor, withBinary } from './open-serving.js';

let serving: OpenServing;
beforeAll(async () => {
  serving = await OpenServing.start();
});
afterAll(() => serving?.stop());

describe('binary tensors', () => {
  const doubles = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
  const halves = (...bits: number[]) => new Uint8Array(Uint16Array.from(bits).buffer);

  it.each<[string, Uint8Array]>([
    ['FP32', float32(63, 233, 7)],
    ['FP64', doubles(63, 233, 7)],
    ['FP16', halves(0x53e0, 0x5b48, 0x4700)],
    ['INT16', new Uint8Array(Int16Array.from(PATIENT).buffer)],
    ['UINT32', new Uint8Array(Uint32Array.from(PATIENT).buffer)],
    ['INT64', new Uint8Array(BigInt64Array.from(PATIENT, BigInt).buffer)],
  ])('of %s are read', async (datatype, bytes) => {
    const said = await serving.infer({}, withBinary({ inputs: [binaryTensor(datatype, [1, 3], bytes.length)] }, bytes));
    expect(outputsOf(said)['probability']?.data).toEqual([serving.probabilityOf(PATIENT)]);
  });

  it('are given, each output as it was asked for', async () => {
    const request = {
      parameters: { binary_data_output: true },
      inputs: [binaryTensor('FP32', [2, 3], 24)],
      outputs: [{ name: 'probability' }, { name: 'label', parameters: { binary_data: false } }],
    };
    const answer = await serving.client.send({
      route: 'openInfer',
      ...withBinary(request, float32(...PATIENT, 40, Number.NaN, 3)),
    });
    expect(answer).toMatchObject({ status: 200, contentType: 'application/octet-stream' });
    const length = Number(answer.headers?.[HEADER]);
    const body = Buffer.from(answer.body);
    const { outputs } = OpenInferAnswer.parse(JSON.parse(body.subarray(0, length).toString()));
    expect(outputs).toMatchObject([
      { name: 'probability', shape: [2], parameters: { binary_data_size: 8 } },
      { name: 'label', data: [expect.any(Number), expect.any(Number)] },
    ]);
    expect([body.readFloatLE(length), body.readFloatLE(length + 4)]).toEqual([
      serving.probabilityOf(PATIENT),
      serving.probabilityOf([40, Number.NaN, 3]),
    ]);
    expect(body.length).toBe(length + 8);
  });

  it('may be the whole body, and then so is the answer', async () => {
    const answer = await serving.client.send({
      route: 'openInfer',
      headers: { [HEADER]: '0' },
      body: float32(...PATIENT),
    });
    const length = Number(answer.headers?.[HEADER]);
    const { outputs } = OpenInferAnswer.parse(JSON.parse(Buffer.from(answer.body).subarray(0, length).toString()));
    expect(outputs).toMatchObject([
      { name: 'label', parameters: { binary_data_size: 8 } },
      { name: 'probability', parameters: { binary_data_size: 4 } },
    ]);
    expect(Buffer.from(answer.body).readFloatLE(length + 8)).toEqual(serving.probabilityOf(PATIENT));
  });

  it('and JSON may come compressed', async () => {
    const body = gzipSync(JSON.stringify({ inputs: [tensor(PATIENT)] }));
    const said = await serving.client.call({ route: 'openInfer', body, headers: { 'content-encoding': 'gzip' } });
    expect(outputsOf(said)['probability']?.data).toEqual([serving.probabilityOf(PATIENT)]);
  });
});
