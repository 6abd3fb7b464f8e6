import './native-arrays.js';
import { encodeWire, OpenInferAnswer, RanAgain, Receipt, RunAgain } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOwn, artifactOf, PAIR_SIGNATURE, pairGraph } from './odd-graphs.js';
import { readSpool } from './read-spool.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';
import { awaitTaskModels, makeTaskModels, serveTaskModels, type TaskModel } from './task-models.js';
import { type Operation, TYPE } from './write-graph.js';

const registry = new RegistryStub();
const models = makeTaskModels();
let url: string;

beforeAll(async () => {
  serveTaskModels(registry, models);
  url = await registry.start();
});
afterAll(() => registry.stop());

const readReceipt = (signed: string): Receipt =>
  Receipt.parse(JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()));

describe('computed again from the prediction log', () => {
  const sizes = [0.1, 1 / 3, 12.7, 1e-7]; // none of them is a float32 number
  const rowsOf = ({ signature, row }: TaskModel) =>
    signature.task === 'text-classification'
      ? ['close my account', 'Wo ist meine Karte? 💳', 'zzz', ''].map((utterance) => ({ utterance }))
      : [
          ...sizes.map((size) => ({ ...row, size })),
          { size: 0.3, grade: null, ripe: null, colour: null },
          { size: 0.7, grade: 7, ripe: 0, colour: 'mauve' },
        ];
  /** The graph's own tensors for the same rows. */
  const tensorsOf = ({ signature }: TaskModel) =>
    signature.task === 'text-classification'
      ? [{ name: 'query', datatype: 'BYTES', shape: [2, 1], data: ['close my account', 'what is a rate?'] }]
      : [
          { name: 'features', datatype: 'FP32', shape: [4, 3], data: sizes.flatMap((size) => [size, 6, null]) },
          { name: 'texts', datatype: 'BYTES', shape: [4, 1], data: ['red', 'blue', '', 'mauve'] },
        ];

  const askNamed = async (client: PredictClient, model: TaskModel): Promise<readonly Receipt[]> => {
    const asked = { params: { model: model.name }, query: [['receipt', 'true']] as const };
    const { status, body } = await client.predictRows(rowsOf(model), asked);
    expect(status).toBe(200);
    return (body as { results: { receipt: string }[] }).results.map(({ receipt }) => readReceipt(receipt));
  };
  const askTensors = async (client: PredictClient, model: TaskModel): Promise<readonly Receipt[]> => {
    const asked = { inputs: tensorsOf(model), outputs: [{ name: 'receipt' }] };
    const call = {
      route: 'openInfer',
      params: { model: model.name },
      body: Buffer.from(JSON.stringify(asked)),
    } as const;
    const { outputs } = OpenInferAnswer.parse((await client.call(call)).body);
    return (outputs[0]!.data as string[]).map(readReceipt); // BYTES
  };

  let serving: ServingHarness;
  let receipts: readonly Receipt[];
  let logged: Awaited<ReturnType<typeof readSpool>>;
  beforeAll(async () => {
    serving = await ServingHarness.make();
    const client = await serving.start({ REGISTRY_URL: url });
    await awaitTaskModels(client, models);
    const asked = models.flatMap((model) => [askNamed(client, model), askTensors(client, model)]);
    receipts = (await Promise.all(asked)).flat();
    await serving.stop();
    logged = await readSpool(serving);
    await serving.start({ REGISTRY_URL: url });
  });
  afterAll(() => serving.remove());

  it.each(models.map((model) => [model.signature.task, model] as const))(
    'a row of %s is answered with the same bits, by named fields and by FP32 tensors',
    async (_task, { name, digest, signature, threshold }) => {
      const own = receipts.filter(({ modelName }) => modelName === name);
      expect(own.length).toBeGreaterThanOrEqual(6);
      for (const receipt of own) {
        const row = logged.find(({ id }) => id === receipt.predictionId)!;
        const version = registry.version(name, 1, digest, { signature, threshold });
        const features = JSON.parse(JSON.stringify(row.features)); // as PostgreSQL keeps them
        const asked = { modelName: name, version, threshold: row.threshold, features };
        const { status, body } = await serving.post(
          '/internal/replay',
          encodeWire(RunAgain, asked) as object,
          'monitoring',
        );
        expect(status).toBe(200);
        const { outcome, inputSha256 } = RanAgain.parse(body);
        const { prediction, probability, classProbabilities = [] } = row;
        expect(outcome).toEqual({ prediction, probability, classProbabilities });
        expect(receipt).toMatchObject({ prediction, probability, inputSha256 });
      }
    },
  );
});

it('a request with receipts has each row in a run of its own, among others and where batches are thought to be harmless', async () => {
  /** Adds 2^-24 in company: half a unit in the last place of 1, which is within what a certificate allows, and a bit of an answer below. */
  const sociable: readonly Operation[] = [
    { operator: 'Shape', inputs: ['own'], outputs: ['shape'] },
    { operator: 'Cast', inputs: ['shape'], outputs: ['sizes'], attributes: { to: TYPE.float } },
    { operator: 'ReduceMax', inputs: ['sizes'], outputs: ['rows'], attributes: { axes: [0], keepdims: 1 } },
    { operator: 'Constant', inputs: [], outputs: ['wholes'], attributes: { value_ints: [1, 2 ** 24] } },
    { operator: 'Cast', inputs: ['wholes'], outputs: ['numbers'], attributes: { to: TYPE.float } },
    { operator: 'ReduceMin', inputs: ['numbers'], outputs: ['one'], attributes: { axes: [0], keepdims: 1 } },
    { operator: 'ReduceMax', inputs: ['numbers'], outputs: ['many'], attributes: { axes: [0], keepdims: 1 } },
    { operator: 'Sub', inputs: ['rows', 'one'], outputs: ['others'] },
    { operator: 'Sign', inputs: ['others'], outputs: ['isInCompany'] },
    { operator: 'Div', inputs: ['isInCompany', 'many'], outputs: ['bit'] },
    { ...answerOwn, operator: 'Add', inputs: ['own', 'bit'] },
  ];
  const artifact = artifactOf(pairGraph(...sociable));
  registry.keepArtifact(artifact);
  registry.put('sociable', { live: 1 }, [
    registry.version('sociable', 1, artifact.digest, { signature: PAIR_SIGNATURE }),
  ]);
  const serving = await ServingHarness.make();
  try {
    const client = await serving.start({ REGISTRY_URL: url, CACHE_MAX_SIZE: '0' });
    const rows = Array.from({ length: 20 }, () => ({ a: 0.5, b: 0 }));
    const ask = async (query: readonly (readonly [string, string])[] = []) => {
      const { body } = await client.predictRows(rows, { params: { model: 'sociable' }, query });
      return (body as { results?: { prediction: number }[] }).results?.map(({ prediction }) => prediction); // none when it is refused
    };
    const inCompany = rows.map(() => 0.5 + 2 ** -24);
    await eventually(async () => expect(await ask()).toEqual(inCompany));
    const said = await Promise.all([ask(), ask([['receipt', 'true']]), ask(), ask([['receipt', 'true']]), ask()]);
    const alone = rows.map(() => 0.5);
    expect(said).toEqual([expect.anything(), alone, expect.anything(), alone, expect.anything()]);
    expect(said.flat().some((prediction) => prediction !== 0.5)).toBe(true);
  } finally {
    await serving.remove();
  }
});
