import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, pythonOfMlflow } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { MODEL, Ward } from './ward.js';

jest.setTimeout(900_000);
const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'mlflow/served_models.py');

const Said = z.record(
  z.string(),
  z.object({
    rows: z.array(z.record(z.string(), z.number())),
    /** Probabilities of the classes, or the values of a regression. */
    answers: z.array(z.union([z.number(), z.array(z.number())])),
    labels: z.array(z.union([z.number(), z.string()])),
  }),
);
type Said = z.output<typeof Said>;
const Version = z.object({ unserved_reason: z.string().nullable(), framework: z.string() });
const Answers = z.object({
  results: z.array(
    z.looseObject({ prediction: z.union([z.number(), z.string()]), probability: z.number().nullable().optional() }),
  ),
});

describe.each([2, 3] as const)("a model that MLflow's client %i logs", (major) => {
  const python = pythonOfMlflow(major);
  if (python === null) {
    it.skip('is served after one call', () => undefined);
    return;
  }
  let ward: Ward;
  let said: Said;

  const script = async (command: string, ...parameters: readonly unknown[]): Promise<unknown> => {
    const { stdout } = await run(python, [SCRIPT, command, ...parameters.map((one) => JSON.stringify(one))], {
      timeout: 300_000,
      cwd: ward.home,
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        GIT_PYTHON_REFRESH: 'quiet',
        MLFLOW_TRACKING_URI: (await ward.runtime()).gateway,
        MLFLOW_TRACKING_TOKEN: (await ward.keys()).operator,
      },
    });
    const line = stdout.split('\n').find((one) => one.startsWith('result '));
    return JSON.parse(line?.slice('result '.length) ?? 'null');
  };
  const call = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${(await ward.runtime()).gateway}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'x-api-key': (await ward.keys()).operator, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(json)}`);
    return json;
  };
  const promote = (name: string) =>
    call(`/api/v1/models/${name}/versions/1/promote`, {
      expected_live_version: null,
      decision_id: randomUUID(),
      reason: 'The first one.',
    });
  const predict = async (name: string) =>
    Answers.parse(await eventually(() => call(`/api/v1/models/${name}/predict`, { rows: said[name]?.rows }))).results;

  beforeAll(async () => {
    ward = await Ward.open();
    [said] = await Promise.all([script('log').then((told) => Said.parse(told)), ward.trainFirstVersion()]);
  });
  afterAll(() => ward?.close());

  it.each(['breast_cancer', 'Iris.v1', 'diabetes', 'network'])(
    'is served after one call of promote: %s',
    async (name) => {
      await promote(name);
      const results = await predict(name);
      const { answers = [], labels = [] } = said[name] ?? {};
      expect(results).toHaveLength(labels.length);
      for (const [row, { prediction, probability }] of results.entries()) {
        const answer = answers[row];
        if (typeof answer === 'number') expect(prediction).toBeCloseTo(answer, 1);
        else expect(String(prediction)).toBe(String(labels[row]));
        if (Array.isArray(answer) && answer.length === 2) expect(probability).toBeCloseTo(answer[1] ?? Number.NaN, 4);
      }
    },
  );

  it('is kept when serving cannot run it, with the reason and the way to log it instead', async () => {
    const version = Version.parse(await call('/api/v1/models/not_onnx/versions/1'));
    expect(version).toMatchObject({ framework: 'sklearn', unserved_reason: expect.stringContaining('skl2onnx') });
    await expect(promote('not_onnx')).rejects.toThrow('version-not-servable');
    expect(String(await script('put-live', 'not_onnx'))).toBe('1');
  });

  it('may be one that was trained here: loaded by number, stage and alias, it answers as it does when served', async () => {
    const columns = z
      .object({ feature_names: z.array(z.string()) })
      .parse(await call(`/api/v1/models/${MODEL}/versions/1`)).feature_names;
    const loaded = z.array(z.array(z.number())).parse(await script('load', MODEL, columns, [EXAMPLE_PATIENT]));
    const { probability } = z
      .looseObject({ probability: z.number() })
      .parse(await (await ward.client('predictor')).predict('/predict', EXAMPLE_PATIENT));
    expect(loaded).toEqual(Array(3).fill([expect.closeTo(probability, 5)]));
  });
});
