import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  OpenInferAnswer,
  OpenModel,
  OpenRepositoryIndex,
  OpenServer,
  OpenStatistics,
  Prediction,
} from '@gimbal/contracts';
import { requireServable } from '@gimbal/domain';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { MODEL, ROOT, Ward } from './ward.js';

jest.setTimeout(600_000);
const run = promisify(execFile);
const python = process.env['GIMBAL_PYTHON'] ?? '';

const Refusal = z.object({ status: z.string(), message: z.string() });
const Said = z.object({
  ...{ live: z.boolean(), ready: z.boolean(), model_ready: z.boolean() },
  ...{ server: OpenServer, metadata: OpenModel, config: z.looseObject({ max_batch_size: z.int() }) },
  json: z.object({ id: z.string(), probability: z.array(z.number()) }),
  binary: z.object({ probability: z.array(z.number()), label: z.array(z.number()) }),
  ...{ by_version: z.array(z.number()), compressed: z.array(z.number()), classes: z.array(z.string()) },
  ...{ statistics: OpenStatistics, index: OpenRepositoryIndex, log: z.looseObject({ log_error: z.boolean() }) },
  ...{ unknown_model: Refusal, unloaded: OpenRepositoryIndex, reloaded: z.array(z.number()), stranger: Refusal },
});

/** Which of the Python packages are there; empty without a Python. */
async function findPackages(): Promise<string> {
  if (python === '') return '';
  const { stdout } = await run(python, ['-c', 'import tritonclient.http; print("tritonclient")']).catch(() => ({
    stdout: '',
  }));
  return stdout;
}

const packages = await findPackages();
const why = 'set GIMBAL_PYTHON to a Python with tritonclient[http]';

describe("Triton's own client for Python", () => {
  if (!packages.includes('tritonclient')) {
    it.skip(`sees, asks and counts a served model (${why})`, () => undefined);
    return;
  }
  let ward: Ward;
  let said: z.output<typeof Said>;
  let ours: z.output<typeof Prediction>;

  beforeAll(async () => {
    ward = await Ward.open();
    await ward.trainFirstVersion();
    ours = Prediction.parse(await (await ward.client('predictor')).predict('/predict', EXAMPLE_PATIENT));
    const { host } = new URL((await ward.runtime()).gateway);
    const key = (await ward.keys()).operator;
    const row = await rowOf(ward);
    const script = join(import.meta.dirname, 'triton_client.py');
    const { stdout } = await run(python, [script, host, key, MODEL, JSON.stringify(row)], { timeout: 120_000 });
    said = Said.parse(JSON.parse(stdout));
  });
  afterAll(() => ward?.close());

  it('sees the server and the model', () => {
    expect([said.live, said.ready, said.model_ready]).toEqual([true, true, true]);
    expect(said.server.extensions).toContain('binary_tensor_data');
    expect(said.metadata).toMatchObject({ name: MODEL, versions: ['1'], platform: 'onnx_onnxv1' });
    expect(said.metadata.inputs).toEqual([{ name: 'features', datatype: 'FP32', shape: [-1, 13] }]);
  });

  it('is answered as everybody is, in JSON, in binary, by version and compressed', () => {
    const twice = Array(2).fill(expect.closeTo(ours.probability, 6));
    expect(said.json).toEqual({ id: 'mine', probability: twice });
    expect(said.binary).toEqual({ probability: twice, label: [ours.prediction, ours.prediction] });
    expect([said.by_version, said.compressed]).toEqual([twice, twice]);
    expect(said.classes).toHaveLength(4);
    expect(said.classes[0]).toMatch(new RegExp(`^0\\.\\d+:${ours.probability >= 0.5 ? 1 : 0}$`));
  });

  it('reads statistics, the repository and the log settings', () => {
    expect(said.statistics.model_stats).toMatchObject([{ name: MODEL, version: '1' }]);
    expect(said.statistics.model_stats[0]?.inference_count).toBeGreaterThanOrEqual(11);
    expect(said.index).toContainEqual({ name: MODEL, version: '1', state: 'READY', reason: '' });
    expect(said.log.log_error).toBe(true);
  });

  it('gives the memory of a model back, which its next request loads again', () => {
    expect(said.unloaded).toContainEqual({ name: MODEL, version: '1', state: 'UNAVAILABLE', reason: 'unloaded' });
    expect(said.reloaded).toEqual(said.binary.probability);
  });

  it('is answered the example of the guide', async () => {
    const body = await readFile(join(ROOT, 'examples/requests/infer.json'), 'utf8');
    const headers = { 'x-api-key': (await ward.keys()).predictor };
    const url = `${(await ward.runtime()).gateway}/v2/models/${MODEL}/infer`;
    const answer = OpenInferAnswer.parse(await (await fetch(url, { method: 'POST', headers, body })).json());
    expect(answer.outputs).toMatchObject([
      { name: 'label', shape: [2] },
      { name: 'probability', shape: [2], data: [expect.closeTo(ours.probability, 6), expect.any(Number)] },
    ]);
  });

  it('understands what is refused, and why', () => {
    expect(said.unknown_model).toEqual({ status: '404', message: 'There is no model of this name.' });
    expect(said.stranger.status).toBe('401');
  });
});

/** The example's values in the order of the graph's columns. */
async function rowOf(ward: Ward): Promise<readonly (number | null)[]> {
  const viewer = await ward.client('viewer');
  const { signature } = requireServable(await viewer.call('getVersion', { params: { model: MODEL, version: 1 } }));
  const patient: Readonly<Record<string, number | null>> = EXAMPLE_PATIENT;
  return signature.inputs.map(({ name }) => patient[name] ?? null);
}
