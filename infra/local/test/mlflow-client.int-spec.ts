import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Prediction } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { MODEL, Ward } from './ward.js';

jest.setTimeout(600_000);
const run = promisify(execFile);
const python = process.env['GIMBAL_PYTHON'] ?? '';

const Said = z.object({
  ...{ version: z.string(), frame: z.array(z.number()), array: z.array(z.number()) },
  ...{ shares: z.array(z.array(z.number())), misspelt: z.string(), stranger: z.string() },
});

const hasMlflow =
  python !== '' &&
  (await run(python, ['-c', 'import mlflow.pyfunc, pandas, scipy']).then(
    () => true,
    () => false,
  ));

describe("MLflow's own client of its scoring server", () => {
  if (!hasMlflow) {
    it.skip('asks a served model (set GIMBAL_PYTHON to a Python with mlflow-skinny, pandas and scipy)', () =>
      undefined);
    return;
  }
  let ward: Ward;
  let said: z.output<typeof Said>;
  let ours: z.output<typeof Prediction>;

  beforeAll(async () => {
    ward = await Ward.open();
    await ward.trainFirstVersion();
    const patient = { ...EXAMPLE_PATIENT, ca: null };
    ours = Prediction.parse(await (await ward.client('predictor')).predict('/predict', patient));
    const { host } = new URL((await ward.runtime()).gateway);
    const script = join(import.meta.dirname, 'mlflow_client.py');
    const key = (await ward.keys()).predictor;
    const { stdout } = await run(python, [script, host, key, MODEL, JSON.stringify(patient)], { timeout: 120_000 });
    said = Said.parse(JSON.parse(stdout));
  });
  afterAll(() => ward?.close());

  it('is answered as everybody is: a data frame with a gap, an array, probabilities', () => {
    const { prediction, probability } = ours;
    expect(said.version).toMatch(/^3\./);
    expect([said.frame, said.array]).toEqual([Array(2).fill(prediction), Array(2).fill(prediction)]);
    expect(said.shares).toEqual(Array(2).fill([expect.closeTo(1 - probability, 6), expect.closeTo(probability, 6)]));
  });

  it('understands what is refused, and why', () => {
    expect(said.misspelt).toContain('lacks age and has years');
    expect(said.stranger).toContain('error code 401');
  });
});
