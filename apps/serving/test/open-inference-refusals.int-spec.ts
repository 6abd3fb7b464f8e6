import './native-arrays.js';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binaryTensor, float32, HEADER, type Infer, OpenServing, PATIENT, tensor, withBinary } from './open-serving.js';

let serving: OpenServing;
beforeAll(async () => {
  serving = await OpenServing.start();
});
afterAll(() => serving?.stop());

describe('what is refused', () => {
  const bad = (inputs: unknown, more: object = {}): Infer => ({
    body: Buffer.from(JSON.stringify({ inputs, ...more })),
  });
  const raw = (text: string): Infer => ({ body: Buffer.from(text) });
  const one = (more: object) => bad([tensor(PATIENT, more)]);
  const bomb = gzipSync(Buffer.alloc(50_000_000));

  it.each<[string, Infer, RegExp]>([
    ['nothing', raw(''), /JSON/],
    ['half a body', raw('{"inputs":[{"name":"features"'), /JSON/],
    ['NaN in JSON', raw('{"inputs":[{"name":"features","datatype":"FP32","shape":[1,3],"data":[NaN,1,3]}]}'), /JSON/],
    ['a list', raw('[]'), /object/],
    ['null', raw('null'), /object/],
    ['no inputs', bad([]), /inputs/],
    ['inputs that are no list', bad({ a: 1 }), /inputs/],
    ['an input that is no object', bad([7]), /inputs\[0\]/],
    ['a shape that does not multiply', one({ shape: [2, 3] }), /3 elements/],
    ['a shape of another width', bad([tensor(PATIENT, { shape: [3, 1] })]), /features.shape/],
    ['a negative size', one({ shape: [-1, 3] }), /shape/],
    ['a size that is no whole number', one({ shape: [1.5, 2] }), /shape/],
    ['a size of 2^31', one({ shape: [2 ** 31, 3] }), /shape/],
    ['sizes that overflow', one({ shape: [2 ** 52, 2 ** 52] }), /shape/],
    ['no rows', one({ shape: [0, 3], data: [] }), /rows/],
    ['no shape', one({ shape: undefined }), /shape/],
    ['too many dimensions', one({ shape: [1, 1, 1, 1, 1, 1, 1, 1, 3] }), /shape/],
    ['an unknown datatype', one({ datatype: 'FP8' }), /datatype/],
    ['a wrong datatype', one({ datatype: 'BYTES', data: ['a', 'b', 'c'] }), /numbers/],
    ['a text among numbers', one({ data: [63, '233', 7] }), /FP32/],
    ['a fraction among whole numbers', one({ datatype: 'INT32', data: [63, 233.5, 7] }), /INT32/],
    ['a number beyond its datatype', one({ datatype: 'UINT8', data: [63, 256, 7] }), /UINT8/],
    ['a number beyond float32', one({ datatype: 'FP64', data: [63, 1e300, 7] }), /too large/],
    ['a missing value where none may be', one({ data: [null, 233, 7] }), /age\[0\] is required/],
    ['a code that is not allowed', one({ data: [63, 233, 2] }), /thal\[0\] must be one of 3, 6, 7/],
    ['ragged rows', one({ shape: [2, 3], data: [PATIENT, [1, 2]] }), /shape/],
    ['rows nested too deep', one({ data: [[PATIENT]] }), /shape/],
    ['an unknown column', bad([tensor(PATIENT, { name: 'weight' })]), /weight/],
    ['a tensor that comes twice', bad([tensor(PATIENT), tensor(PATIENT)]), /twice/],
    ['an unknown output', bad([tensor(PATIENT)], { outputs: [{ name: 'logit' }] }), /outputs\[0\]/],
    [
      'classes of a label',
      bad([tensor(PATIENT)], { outputs: [{ name: 'label', parameters: { classification: 1 } }] }),
      /classification/,
    ],
    ['an id that is no text', bad([tensor(PATIENT)], { id: {} }), /id/],
    ['parameters that are no object', bad([tensor(PATIENT)], { parameters: 3 }), /parameters/],
    ['a priority that is not known', bad([tensor(PATIENT)], { parameters: { priority: 10 } }), /priority/],
    ['a negative timeout', bad([tensor(PATIENT)], { parameters: { timeout: -1 } }), /timeout/],
    ['a sequence', bad([tensor(PATIENT)], { parameters: { sequence_id: 5 } }), /sequence_id/],
    ['binary data without its header', bad([binaryTensor('FP32', [1, 3], 12)]), /header/],
    ['a header longer than the body', { ...one({}), headers: { [HEADER]: '100000' } }, /longer/],
    ['a header that is no number', { ...one({}), headers: { [HEADER]: '1e3' } }, /number/],
    ['a negative header', { ...one({}), headers: { [HEADER]: '-1' } }, /number/],
    [
      'a negative binary size',
      withBinary({ inputs: [binaryTensor('FP32', [1, 3], -12)] }, float32(1)),
      /binary_data_size/,
    ],
    [
      'a binary size of 2^31',
      withBinary({ inputs: [binaryTensor('FP32', [1, 3], 2 ** 31)] }, float32(1)),
      /body holds/,
    ],
    [
      'binary data that are cut off',
      withBinary({ inputs: [binaryTensor('FP32', [1, 3], 12)] }, float32(1, 2)),
      /body holds/,
    ],
    [
      'binary data of another length',
      withBinary({ inputs: [binaryTensor('FP32', [1, 3], 8)] }, float32(1, 2)),
      /8 bytes/,
    ],
    ['binary data of nobody', withBinary({ inputs: [tensor(PATIENT)] }, float32(1)), /no input/],
    [
      'texts that are cut off',
      withBinary({ inputs: [binaryTensor('BYTES', [1], 6, 'age')] }, Uint8Array.of(9, 0, 0, 0, 65, 66)),
      /cut off/,
    ],
    [
      'texts whose length is cut off',
      withBinary({ inputs: [binaryTensor('BYTES', [1], 2, 'age')] }, Uint8Array.of(1, 0)),
      /cut off/,
    ],
    ['a whole body of another length', { headers: { [HEADER]: '0' }, body: float32(1, 2) }, /12/],
    ['more rows than are taken', bad([tensor(Array(3 * 10_001).fill(3))]), /10000/],
    ['data that are said to be compressed', { ...one({}), headers: { 'content-encoding': 'gzip' } }, /gzip/],
    [
      'a compressed body that is cut off',
      { body: gzipSync('{"inputs":[]}').subarray(0, 20), headers: { 'content-encoding': 'gzip' } },
      /cut off/,
    ],
  ])('%s', async (_what, call, words) => {
    const said = await serving.client.call({ route: 'openInfer', ...call });
    expect(said).toMatchObject({ status: 400, body: { error: expect.stringMatching(words) } });
    expect(Object.keys(said.body as object)).toEqual(['error']);
  });

  it.each<[string, Infer, number]>([
    ['a bomb', { body: bomb, headers: { 'content-encoding': 'gzip' } }, 413],
    ['a bomb in deflate', { body: bomb, headers: { 'content-encoding': 'deflate' } }, 400],
    [
      'an answer that no frame holds',
      bad([tensor(Array(6_000).fill(PATIENT).flat())], {
        outputs: Array(100).fill({ name: 'probability', parameters: { classification: 2 } }),
      }),
      413,
    ],
    ['an encoding that is not known', { ...one({}), headers: { 'content-encoding': 'br' } }, 415],
    ['an unknown model', { ...one({}), params: { model: 'other' } }, 404],
    ['a model without a live version', { ...one({}), params: { model: 'empty' } }, 503],
    [
      'an unknown version',
      { ...one({}), route: 'openInferVersion', params: { model: 'heart-disease', version: '9' } },
      404,
    ],
    [
      'a version that is no number',
      { ...one({}), route: 'openInferVersion', params: { model: 'heart-disease', version: '1;drop' } },
      404,
    ],
  ])('%s, in time and memory that are bounded', async (_what, call, status) => {
    const said = await serving.client.call({ route: 'openInfer', ...call });
    expect(said).toMatchObject({ status, body: { error: expect.any(String) } });
  });

  // Guards against crashes and 500 for any body: what is not understood is the sender's fault.
  it('whatever it is, is answered, and never with a fault of ours', async () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const input = fc.record(
      {
        name: fc.oneof(fc.constantFrom('features', 'age', 'chol', 'thal'), fc.string()),
        datatype: fc.constantFrom('FP32', 'FP64', 'FP16', 'INT8', 'UINT64', 'BOOL', 'BYTES', 'X'),
        shape: fc.oneof(fc.array(fc.constantFrom(-1, 0, 1, 2, 3, 2 ** 31, 0.5)), json),
        data: fc.oneof(fc.array(fc.oneof(fc.double(), fc.integer(), fc.constantFrom(3, null, 'x', true))), json),
        parameters: fc.oneof(fc.record({ binary_data_size: fc.oneof(fc.integer(), fc.constantFrom(12, -1)) }), json),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      json.map((value) => Buffer.from(JSON.stringify(value))),
      fc
        .record(
          { inputs: fc.array(input, { maxLength: 3 }), outputs: json, parameters: json, id: json },
          { requiredKeys: ['inputs'] },
        )
        .map((value) => Buffer.from(JSON.stringify(value))),
      fc.uint8Array({ maxLength: 64 }),
    );
    const headers = fc.oneof(
      fc.constant({}),
      fc.oneof(fc.nat({ max: 80 }), fc.constantFrom(0, -1, 2 ** 40)).map((length) => ({ [HEADER]: String(length) })),
    );
    await fc.assert(
      fc.asyncProperty(body, headers, async (bytes, head) => {
        const { status } = await serving.client.send({ route: 'openInfer', body: bytes, headers: head });
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });

  // Guards the reader of binary bodies: a valid request, damaged anywhere.
  it('a damaged binary request is answered, and never with a fault of ours', async () => {
    const { body = new Uint8Array(), headers = {} } = withBinary(
      { inputs: [binaryTensor('FP32', [1, 3], 12)], outputs: [{ name: 'label', parameters: { binary_data: true } }] },
      float32(...PATIENT),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.nat(255), fc.nat(body.length), async (place, byte, end) => {
        const damaged = Buffer.from(body);
        damaged[place] = byte;
        for (const bytes of [damaged, damaged.subarray(0, end)]) {
          const { status } = await serving.client.send({ route: 'openInfer', body: bytes, headers });
          expect([200, 400]).toContain(status);
        }
      }),
      { numRuns: 200 },
    );
  });
});
