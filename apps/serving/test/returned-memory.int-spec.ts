import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ModelSignature } from '@gimbal/contracts';
import { eventually, ServiceProcess } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { signatureOfNumbers } from './odd-graphs.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';
import { SIGNATURE } from './signature.js';
import { writeNetwork } from './write-network.js';

const MAIN = new URL('../src/main.ts', import.meta.url);
const MEBIBYTE = 1_048_576;
const ROUNDS = 200;
const LARGE_EVERY = 20;
const MEASURED_EVERY = 10;

const registry = new RegistryStub();
/** A row for each model, and the size of its file. */
const models = new Map<string, { readonly row: Record<string, number>; readonly bytes: number }>();

const numbers = (count: number): ModelSignature =>
  signatureOfNumbers(...Array.from({ length: count }, (_, index) => `x${index}`));

function register(name: string, onnx: Uint8Array, signature: ModelSignature, row: Record<string, number>): void {
  const digest = createHash('sha256').update(onnx).digest('hex');
  registry.keepArtifact({ digest, onnx });
  registry.put(name, { live: 1 }, [registry.version(name, 1, digest, { signature })]);
  models.set(name, { row, bytes: onnx.byteLength });
}

beforeAll(async () => {
  register('trees', makeModel(1, { trees: 1_500 }).onnx, SIGNATURE, { age: 63, chol: 233, thal: 7 });
  const row = Object.fromEntries(numbers(50).inputs.map(({ name }) => [name, 0.5]));
  register('network', writeNetwork(50, 1_000), numbers(50), row);
  register('large', writeNetwork(50, 3_600), numbers(50), row);
});
afterAll(() => registry.stop());

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;

/** Proportional and resident memory of a process, in MiB; Linux only. */
async function measureMemory(pid = 0): Promise<{ readonly pss: number; readonly rss: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const read = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1_024);
  return { pss: read('Pss'), rss: read('Rss') };
}

const ask = async (client: PredictClient, model: string) => {
  const said = await client.predictRows([models.get(model)?.row], { params: { model } });
  expect({ model, status: said.status }).toEqual({ model, status: 200 });
};

// Guards against what Triton's and ONNX Runtime's users report: memory that grows with every reload until the process is restarted.
it('memory does not grow over two hundred rounds of loading and unloading, with files of 1 to 50 MB', async () => {
  expect(Math.max(...[...models.values()].map(({ bytes }) => bytes))).toBeGreaterThan(45 * MEBIBYTE);
  const harness = await ServingHarness.make();
  const environment = harness.environment({
    ...{ REGISTRY_URL: await registry.start(), LOG_LEVEL: 'warn', CACHE_MAX_SIZE: '0' },
    ...{ MODEL_PRELOAD: '0', MODEL_LOAD_WAIT: '120000' },
    MALLOC_ARENA_MAX: '1', // as infra/local starts serving
  });
  const serving = await ServiceProcess.start(MAIN, environment);
  try {
    const client = await harness.connect();
    await eventually(async () => expect((await client.call({ route: 'openReady', params: {} })).status).toBe(200));
    const memory: { readonly pss: number; readonly rss: number }[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      for (const model of models.keys()) {
        if (model === 'large' && round % LARGE_EVERY !== 0) continue;
        await ask(client, model);
        expect((await client.call({ route: 'openUnload', params: { model } })).status).toBe(200);
      }
      if (round % MEASURED_EVERY === 0) memory.push(await measureMemory(serving.pid));
    }
    const lines = memory.map(({ pss, rss }, n) => `round ${(n + 1) * MEASURED_EVERY}: PSS ${pss} MiB, RSS ${rss} MiB`);
    process.stdout.write(`${lines.join('\n')}\n`);
    // Each figure depends on when the process last collected, their medians do not.
    const pss = memory.map((each) => each.pss);
    const half = pss.length / 2;
    expect(median(pss.slice(half))).toBeLessThan(median(pss.slice(0, half)) * 1.1 + 10);
  } finally {
    await serving.end();
    await harness.remove();
  }
}, 900_000);
