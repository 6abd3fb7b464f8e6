import { OpenInferAnswer, type PredictCall } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { expect } from '@jest/globals';
import { type MadeModel, makeModel } from './make-model.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, type Said, ServingHarness } from './serving-harness.js';

export type Infer = Partial<PredictCall>;

/** A row of `heart-disease`. */
export const PATIENT = [63, 233, 7];
export const HEADER = 'inference-header-content-length';

export const tensor = (data: readonly unknown[], more: object = {}) => ({
  name: 'features',
  datatype: 'FP32',
  shape: [data.length / 3, 3],
  data,
  ...more,
});
export const binaryTensor = (datatype: string, shape: readonly number[], bytes: number, name = 'features') => ({
  name,
  datatype,
  shape,
  parameters: { binary_data_size: bytes },
});
export const float32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

/** JSON with binary parts behind it, as Triton's clients send them. */
export const withBinary = (body: unknown, ...parts: readonly Uint8Array[]): Infer => {
  const json = Buffer.from(JSON.stringify(body));
  return { body: Buffer.concat([json, ...parts]), headers: { [HEADER]: String(json.length) } };
};

export function answerOf({ status, body }: Said) {
  expect({ status, body }).toMatchObject({ status: 200 });
  return OpenInferAnswer.parse(body);
}
export const outputsOf = (said: Said) =>
  Object.fromEntries(answerOf(said).outputs.map(({ name, shape, data }) => [name, { shape, data }]));

/** Serving with `heart-disease`, whose version 1 is live and 2 its shadow, and `empty`, of which no version is live. */
export class OpenServing {
  private constructor(
    private readonly registry: RegistryStub,
    private readonly serving: ServingHarness,
    readonly client: PredictClient,
    private readonly models: readonly MadeModel[],
  ) {}

  static async start(): Promise<OpenServing> {
    const models = [makeModel(1), makeModel(2)];
    const registry = new RegistryStub();
    for (const model of models) registry.keepArtifact(model);
    const versions = models.map(({ digest }, index) => registry.version('heart-disease', index + 1, digest));
    registry.put('heart-disease', { live: 1, shadow: [2] }, versions);
    registry.put('empty', { live: null }, []);
    const serving = await ServingHarness.make();
    const client = await serving.start({ REGISTRY_URL: await registry.start(), PREDICT_BODY_LIMIT: '1000000' });
    const open = new OpenServing(registry, serving, client, models);
    await eventually(async () => expect((await open.infer({ inputs: [tensor(PATIENT)] })).status).toBe(200));
    return open;
  }

  infer(body: unknown, more: Infer = {}): Promise<Said> {
    return this.client.call({ route: 'openInfer', body: Buffer.from(JSON.stringify(body)), ...more });
  }

  look(route: PredictCall['route'], params: Record<string, string> = {}, body: unknown = {}): Promise<Said> {
    return this.client.call({ route, params, body: Buffer.from(JSON.stringify(body)) });
  }

  /** What the model of a version itself says of a row. */
  predict(row: readonly number[], version = 1): number {
    return this.models[version - 1]?.predict(row) ?? Number.NaN;
  }

  /** The same, as an expectation. */
  probabilityOf(row: readonly number[], version = 1) {
    return expect.closeTo(this.predict(row, version), 6);
  }

  async stop(): Promise<void> {
    await this.serving.remove();
    await this.registry.stop();
  }
}
