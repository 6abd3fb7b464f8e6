import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Prediction } from '@gimbal/contracts';
import { requireServable } from '@gimbal/domain';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { MODEL, Ward } from './ward.js';

jest.setTimeout(600_000);
const run = promisify(execFile);

/** A client's Python: it has a package, or `variable` says what is to be set. */
interface Client {
  readonly name: string;
  readonly python: string;
  readonly variable: string;
  readonly package: string;
}

const GIMBAL_PYTHON = process.env['GIMBAL_PYTHON'] ?? '';
const TRITON: Client = {
  name: "Triton's own client over gRPC",
  python: GIMBAL_PYTHON,
  variable: 'GIMBAL_PYTHON to a Python with tritonclient[grpc]',
  package: 'tritonclient.grpc',
};
const MLSERVER: Client = {
  name: "MLServer's own types and stubs",
  python: GIMBAL_PYTHON,
  variable: 'GIMBAL_PYTHON to a Python with mlserver',
  package: 'mlserver',
};
const KSERVE: Client = {
  name: "KServe's own clients",
  python: process.env['GIMBAL_KSERVE_PYTHON'] ?? '',
  variable: 'GIMBAL_KSERVE_PYTHON to a Python with kserve',
  package: 'kserve',
};

const isThere = async ({ python, package: wanted }: Client): Promise<boolean> =>
  python !== '' &&
  (await run(python, ['-c', `import ${wanted}`]).then(
    () => true,
    () => false,
  ));

const there = new Set<Client>();
for (const client of [TRITON, MLSERVER, KSERVE]) if (await isThere(client)) there.add(client);

let ward: Ward;
let ours: z.output<typeof Prediction>;
let row: string;
/** What every client is to hear of the same row, sent twice. */
let both: { readonly label: readonly number[]; readonly probability: readonly unknown[] };

beforeAll(async () => {
  if (there.size === 0) return;
  ward = await Ward.open();
  await ward.trainFirstVersion();
  ours = Prediction.parse(await (await ward.client('predictor')).predict('/predict', EXAMPLE_PATIENT));
  const viewer = await ward.client('viewer');
  const { signature } = requireServable(await viewer.call('getVersion', { params: { model: MODEL, version: 1 } }));
  const patient: Readonly<Record<string, number | null>> = EXAMPLE_PATIENT;
  row = JSON.stringify(signature.inputs.map(({ name }) => patient[name] ?? null));
  const close = expect.closeTo(ours.probability, 6);
  both = { label: [ours.prediction, ours.prediction], probability: [close, close] };
});
afterAll(() => ward?.close());

async function ask({ python }: Client, script: string, role: 'admin' | 'predictor', addresses: 'both' | 'grpc') {
  const { gateway, grpc } = await ward.runtime();
  const key = (await ward.keys())[role];
  const args = [join(import.meta.dirname, script), ...(addresses === 'both' ? [gateway] : []), grpc, key, MODEL, row];
  const { stdout } = await run(python, args, { timeout: 120_000 });
  return z.record(z.string(), z.unknown()).parse(JSON.parse(stdout));
}

/** @param promises by name; each is skipped, with what is missing, where the client is not there */
function describeClient(client: Client, promises: Readonly<Record<string, () => Promise<void>>>): void {
  describe(client.name, () => {
    for (const [name, promise] of Object.entries(promises)) {
      if (there.has(client)) it(name, promise);
      else it.skip(`${name} (set ${client.variable})`, () => undefined);
    }
  });
}

describeClient(TRITON, {
  'sees, asks, streams, counts and is refused with reasons': async () => {
    const said = await ask(TRITON, 'triton_grpc_client.py', 'admin', 'grpc');
    const { probability } = both;
    expect(said).toMatchObject({
      live: true,
      ready: true,
      model_ready: true,
      metadata: { name: MODEL, versions: ['1'], platform: 'onnx_onnxv1', inputs: [{ shape: ['-1', '13'] }] },
      config: { name: MODEL, backend: 'onnxruntime', input: [{ data_type: 'TYPE_FP32', dims: ['13'] }] },
      plain: { id: 'mine', ...both },
      timed: probability,
      compressed: probability,
      stream: [probability, 'There is no model of this name.', probability],
      index: { models: [{ name: MODEL, version: '1', state: 'READY' }] },
      statistics: { model_stats: [{ name: MODEL, version: '1' }] },
      log: { log_error: { bool_param: true } },
      unknown_model: { status: 'StatusCode.NOT_FOUND', message: 'There is no model of this name.' },
      trace: { status: 'StatusCode.UNIMPLEMENTED' },
      stranger: { status: 'StatusCode.UNAUTHENTICATED' },
    });
    expect(said['classes']).toHaveLength(4);
    // Each message that the server describes is the client's own, field by field.
    expect(said['schema']).toEqual({ messages: expect.any(Number), differing: [] });
  },
});

describeClient(MLSERVER, {
  'read every route of the protocol over HTTP, and every method over gRPC': async () => {
    const said = await ask(MLSERVER, 'mlserver_client.py', 'predictor', 'both');
    expect(said['http']).toMatchObject({
      ...{ 'health/live': 200, 'health/ready': 200, 'models/m/ready': 200, 'models/m/versions/1/ready': 200 },
      server: { name: 'gimbal' },
      model: { name: MODEL, platform: 'onnx_onnxv1' },
      version: { name: MODEL, versions: ['1'] },
      answers: [both, both],
      unknown_model: [404, 'There is no model of this name.'],
    });
    expect(said['grpc']).toEqual({
      ...{ live: true, ready: true, model_ready: true, server: 'gimbal', inputs: ['features'] },
      answers: [
        [0, both],
        [2, both], // raw, as it was asked
      ],
    });
  },
});

describeClient(KSERVE, {
  'see and ask over HTTP and gRPC, in JSON, typed and raw': async () => {
    const said = await ask(KSERVE, 'kserve_client.py', 'predictor', 'both');
    const seen = { live: true, ready: true, model_ready: true, answers: Array(2).fill({ id: 'mine', ...both }) };
    expect(said).toEqual({ http: seen, grpc: { ...seen, stranger: 'UNAUTHENTICATED' } });
  },
});
