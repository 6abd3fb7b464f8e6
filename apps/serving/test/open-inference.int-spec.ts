import './native-arrays.js';
import { gzipSync } from 'node:zlib';
import {
  OpenInferAnswer,
  OpenLogSettings,
  OpenModel,
  OpenModelConfig,
  OpenRepositoryIndex,
  OpenServer,
  OpenStatistics,
  type PredictCall,
  PredictedRows,
} from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeModel } from './make-model.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, type Said, ServingHarness } from './serving-harness.js';

const first = makeModel(1);
const second = makeModel(2);
const registry = new RegistryStub();
let serving: ServingHarness;
let client: PredictClient;

const PATIENT = [63, 233, 7];
const probabilityOf = (row: readonly number[]) => expect.closeTo(first.predict(row), 6);
const tensor = (data: readonly unknown[], more: object = {}) => ({
  name: 'features',
  datatype: 'FP32',
  shape: [data.length / 3, 3],
  data,
  ...more,
});
const HEADER = 'inference-header-content-length';

type Infer = Partial<PredictCall>;
const infer = (body: unknown, more: Infer = {}): Promise<Said> =>
  client.call({ route: 'openInfer', body: Buffer.from(JSON.stringify(body)), ...more });
const answerOf = ({ status, body }: Said) => {
  expect({ status, body }).toMatchObject({ status: 200 });
  return OpenInferAnswer.parse(body);
};
const outputsOf = (said: Said) =>
  Object.fromEntries(answerOf(said).outputs.map(({ name, shape, data }) => [name, { shape, data }]));
const look = (route: PredictCall['route'], params: Record<string, string> = {}, body: unknown = {}) =>
  client.call({ route, params, body: Buffer.from(JSON.stringify(body)) });

/** JSON with binary parts behind it, as Triton's clients send them. */
const withBinary = (body: unknown, ...parts: readonly Uint8Array[]): Infer => {
  const json = Buffer.from(JSON.stringify(body));
  return { body: Buffer.concat([json, ...parts]), headers: { [HEADER]: String(json.length) } };
};
const binaryTensor = (datatype: string, shape: readonly number[], bytes: number, name = 'features') => ({
  name,
  datatype,
  shape,
  parameters: { binary_data_size: bytes },
});
const float32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

beforeAll(async () => {
  registry.keepArtifact(first);
  registry.keepArtifact(second);
  registry.put('heart-disease', { live: 1, shadow: [2] }, [
    registry.version('heart-disease', 1, first.digest),
    registry.version('heart-disease', 2, second.digest),
  ]);
  registry.put('empty', { live: null }, []);
  serving = await ServingHarness.make();
  client = await serving.start({ REGISTRY_URL: await registry.start(), PREDICT_BODY_LIMIT: '1000000' });
  await eventually(async () => expect((await infer({ inputs: [tensor(PATIENT)] })).status).toBe(200));
});

afterAll(async () => {
  await serving.remove();
  await registry.stop();
});

describe('what the server says of itself', () => {
  it('is its name, its extensions, that it lives and that it is ready', async () => {
    const { extensions } = OpenServer.parse((await look('openServer')).body);
    expect(extensions).toEqual(expect.arrayContaining(['binary_tensor_data', 'model_repository', 'statistics']));
    expect((await look('openLive')).body).toEqual({ live: true });
    expect(await look('openReady')).toMatchObject({ status: 200, body: { ready: true } });
    expect((await look('openModels')).body).toEqual({ models: ['heart-disease', 'empty'] });
  });

  it('is what each model takes and gives, live or by version', async () => {
    const live = OpenModel.parse((await look('openModel', { model: 'heart-disease' })).body);
    expect(live).toEqual({
      name: 'heart-disease',
      versions: ['1', '2'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 3] }],
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [-1] },
        { name: 'probability', datatype: 'FP32', shape: [-1] },
      ],
    });
    expect((await look('openVersion', { model: 'heart-disease', version: '2' })).status).toBe(200);
    const { body } = await look('openModelConfig', { model: 'heart-disease' });
    expect(OpenModelConfig.parse(body)).toMatchObject({
      platform: 'onnxruntime_onnx',
      input: [{ name: 'features', data_type: 'TYPE_FP32', dims: [3] }],
      output: [{ name: 'label', dims: [1], reshape: { shape: [] } }, { name: 'probability' }],
    });
  });

  it('is which models are ready, and why others are not', async () => {
    const ready = { name: 'heart-disease', ready: true };
    expect(await look('openModelReady', { model: 'heart-disease' })).toMatchObject({ status: 200, body: ready });
    expect(await look('openVersionReady', { model: 'heart-disease', version: '2' })).toMatchObject({ body: ready });
    const empty = await look('openModelReady', { model: 'empty' });
    expect(empty).toMatchObject({ status: 503, body: { name: 'empty', ready: false } });
    for (const [route, params] of [
      ['openModel', { model: 'other' }],
      ['openModelReady', { model: 'other' }],
      ['openVersion', { model: 'heart-disease', version: '9' }],
      ['openVersion', { model: 'heart-disease', version: 'latest' }],
      ['openVersionReady', { model: 'heart-disease', version: '9' }],
    ] as const)
      expect(await look(route, params)).toMatchObject({ status: 404, body: { error: expect.any(String) } });
  });

  it('is what its repository holds and loads; what the registry decides is refused with the way to it', async () => {
    await eventually(async () => {
      const index = OpenRepositoryIndex.parse((await look('openRepository')).body);
      expect(index).toEqual([
        { name: 'heart-disease', version: '1', state: 'READY', reason: '' },
        { name: 'heart-disease', version: '2', state: 'READY', reason: '' },
        { name: 'empty', state: 'UNAVAILABLE', reason: expect.stringContaining('traffic') },
      ]);
    });
    expect((await look('openRepository', {}, { ready: true })).body).toHaveLength(2);
    expect(await look('openLoad', { model: 'heart-disease' })).toMatchObject({ status: 200, body: {} });
    expect(await look('openUnload', { model: 'empty' })).toMatchObject({ status: 200, body: {} });
    const config = { parameters: { config: '{}' } };
    for (const [said, status, words] of [
      [await look('openLoad', { model: 'heart-disease' }, config), 400, /registry/],
      [await look('openLoad', { model: 'empty' }), 503, /promote/],
      [await look('openLoad', { model: 'other' }), 404, /no model/],
      [await look('openUnload', { model: 'other' }), 404, /no model/],
    ] as const)
      expect(said).toMatchObject({ status, body: { error: expect.stringMatching(words) } });
  });

  it('gives memory back when a model is unloaded, stays ready, and loads it when it is asked', async () => {
    const stateOf = async () => OpenRepositoryIndex.parse((await look('openRepository')).body)[0];
    expect(await look('openUnload', { model: 'heart-disease' })).toMatchObject({ status: 200, body: {} });
    expect(await stateOf()).toMatchObject({ state: 'UNAVAILABLE', reason: 'unloaded' });
    expect((await look('openModelReady', { model: 'heart-disease' })).status).toBe(200);
    const { body } = await look('openModelConfig', { model: 'heart-disease' });
    expect(OpenModelConfig.parse(body)).toMatchObject({ platform: 'onnxruntime_onnx' });
    expect(await look('openLoad', { model: 'heart-disease' })).toMatchObject({ status: 200, body: {} });
    expect(await stateOf()).toMatchObject({ state: 'READY', reason: '' });
  });

  it('is what it logs, which can be changed', async () => {
    const before = OpenLogSettings.parse((await look('openLogging')).body);
    expect(before).toMatchObject({ log_info: true, log_error: true, log_verbose_level: 1 });
    const quiet = await look('openSetLogging', {}, { log_verbose_level: 0, log_info: false });
    expect(quiet.body).toMatchObject({ log_info: false, log_warning: true, log_verbose_level: 0 });
    await look('openSetLogging', {}, { log_verbose_level: 1, log_info: true });
    expect((await look('openLogging')).body).toEqual(before);
    for (const change of [{ log_file: '/etc/passwd' }, { log_info: 1 }, { log_verbose_level: -1 }, [], 'x'])
      expect((await look('openSetLogging', {}, change)).status).toBe(400);
  });
});

describe('an inference', () => {
  it('answers flat and nested tensors alike, with id, version and the id of the prediction', async () => {
    const said = await infer({ id: 'mine', inputs: [tensor([...PATIENT, 40, null, 3])] });
    const answer = answerOf(said);
    expect(answer).toMatchObject({ id: 'mine', model_name: 'heart-disease', model_version: '1' });
    expect(answer.parameters['prediction_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.outputs).toMatchObject([
      { name: 'label', datatype: 'INT64', shape: [2] },
      {
        name: 'probability',
        datatype: 'FP32',
        shape: [2],
        data: [probabilityOf(PATIENT), probabilityOf([40, Number.NaN, 3])],
      },
    ]);
    const nested = await infer({ inputs: [tensor([...PATIENT, 40, null, 3], { data: [PATIENT, [40, null, 3]] })] });
    expect(answerOf(nested).outputs).toEqual(answer.outputs);
    expect(answerOf(nested).id).toBeUndefined();
  });

  it('takes one tensor for each column, of any numeric datatype, and knows what is missing', async () => {
    const column = (name: string, datatype: string, data: unknown[]) => ({
      name,
      datatype,
      shape: [data.length],
      data,
    });
    const said = await infer({
      inputs: [
        column('thal', 'UINT8', [7, 3]),
        column('age', 'INT64', [63, 40]),
        { name: 'chol', datatype: 'FP64', shape: [2, 1], data: [[233], [null]] },
      ],
    });
    const expected = [probabilityOf(PATIENT), probabilityOf([40, Number.NaN, 3])];
    expect(outputsOf(said)['probability']?.data).toEqual(expected);
    const without = await infer({ inputs: [column('age', 'FP32', [63]), column('thal', 'FP32', [7])] });
    expect(outputsOf(without)['probability']?.data).toEqual([probabilityOf([63, Number.NaN, 7])]);
  });

  it('answers what was asked for, in that order, of the version that was named', async () => {
    const said = await infer(
      { inputs: [tensor(PATIENT)], outputs: [{ name: 'probability' }] },
      { route: 'openInferVersion', params: { model: 'heart-disease', version: '2' } },
    );
    expect(answerOf(said).model_version).toBe('2');
    expect(Object.keys(outputsOf(said))).toEqual(['probability']);
    expect(outputsOf(said)['probability']?.data).toEqual([expect.closeTo(second.predict(PATIENT), 6)]);
  });

  it('takes a priority and a timeout', async () => {
    const parameters = { priority: 1, timeout: 30_000_000 };
    expect((await infer({ parameters, inputs: [tensor([42, 210, 6])] })).status).toBe(200);
  });

  it('names the most probable classes', async () => {
    const probability = first.predict(PATIENT);
    const outputs = [{ name: 'probability', parameters: { classification: 2 } }];
    const [classified] = answerOf(await infer({ inputs: [tensor(PATIENT)], outputs })).outputs;
    expect(classified).toMatchObject({ datatype: 'BYTES', shape: [1, 2] });
    const best = probability >= 0.5 ? 1 : 0;
    expect(classified?.data).toEqual([
      expect.stringMatching(`^0\\.\\d+:${best}$`),
      expect.stringMatching(/^0\.\d+:\d$/),
    ]);
  });

  it('has an id for each row that counts on from the first, as documented', async () => {
    const { body } = await client.predictRows([
      { age: 63, chol: 233, thal: 7 },
      { age: 40, thal: 3 },
    ]);
    const [one = '', two] = PredictedRows.parse(body).results.map(({ predictionId }) => predictionId);
    const counted = (Number.parseInt(one.slice(-8), 16) + 1) >>> 0;
    expect(two).toBe(one.slice(0, -8) + counted.toString(16).padStart(8, '0'));
  });

  it('is counted: requests, rows and runs of its version, and what failed', async () => {
    const statsOf = async (route: PredictCall['route'], params = {}) =>
      OpenStatistics.parse((await look(route, params)).body).model_stats;
    const live = { model: 'heart-disease', version: '1' };
    const [before] = await statsOf('openVersionStatistics', live);
    await infer({ inputs: [tensor([...PATIENT, 41, 200, 3])] });
    await infer({ inputs: [tensor([null, 200, 3])] });
    const [after] = await statsOf('openVersionStatistics', live);
    const grown = (of: (stats: NonNullable<typeof before>) => number) => of(after!) - of(before!);
    expect([
      grown((stats) => stats.inference_count),
      grown((stats) => stats.execution_count),
      grown((stats) => stats.inference_stats.success.count),
      grown((stats) => stats.inference_stats.fail.count),
      grown((stats) => stats.inference_stats.compute_infer.count),
    ]).toEqual([2, 1, 1, 1, 1]);
    expect(grown((stats) => stats.inference_stats.compute_infer.ns)).toBeGreaterThan(0);
    expect(after!.batch_stats.map(({ batch_size }) => batch_size)).toContain(2);
    expect((await statsOf('openModelStatistics', { model: 'heart-disease' })).map(({ version }) => version)).toEqual([
      '1',
      '2',
    ]);
    expect(await statsOf('openStatistics')).toHaveLength(2);
  });
});

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
    const said = await infer({}, withBinary({ inputs: [binaryTensor(datatype, [1, 3], bytes.length)] }, bytes));
    expect(outputsOf(said)['probability']?.data).toEqual([probabilityOf(PATIENT)]);
  });

  it('are given, each output as it was asked for', async () => {
    const request = {
      parameters: { binary_data_output: true },
      inputs: [binaryTensor('FP32', [2, 3], 24)],
      outputs: [{ name: 'probability' }, { name: 'label', parameters: { binary_data: false } }],
    };
    const answer = await client.send({
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
      probabilityOf(PATIENT),
      probabilityOf([40, Number.NaN, 3]),
    ]);
    expect(body.length).toBe(length + 8);
  });

  it('may be the whole body, and then so is the answer', async () => {
    const answer = await client.send({ route: 'openInfer', headers: { [HEADER]: '0' }, body: float32(...PATIENT) });
    const length = Number(answer.headers?.[HEADER]);
    const { outputs } = OpenInferAnswer.parse(JSON.parse(Buffer.from(answer.body).subarray(0, length).toString()));
    expect(outputs).toMatchObject([
      { name: 'label', parameters: { binary_data_size: 8 } },
      { name: 'probability', parameters: { binary_data_size: 4 } },
    ]);
    expect(Buffer.from(answer.body).readFloatLE(length + 8)).toEqual(probabilityOf(PATIENT));
  });

  it('and JSON may come compressed', async () => {
    const body = gzipSync(JSON.stringify({ inputs: [tensor(PATIENT)] }));
    const said = await client.call({ route: 'openInfer', body, headers: { 'content-encoding': 'gzip' } });
    expect(outputsOf(said)['probability']?.data).toEqual([probabilityOf(PATIENT)]);
  });
});

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
    const said = await client.call({ route: 'openInfer', ...call });
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
    const said = await client.call({ route: 'openInfer', ...call });
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
        const { status } = await client.send({ route: 'openInfer', body: bytes, headers: head });
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
          const { status } = await client.send({ route: 'openInfer', body: bytes, headers });
          expect([200, 400]).toContain(status);
        }
      }),
      { numRuns: 200 },
    );
  });
});
