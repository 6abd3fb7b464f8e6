import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestMlflow, type TestMlflow } from './test-mlflow.js';

jest.setTimeout(400_000);
const python = process.env['GIMBAL_MLFLOW3_PYTHON'] ?? '';

describe('a real MLflow server for a test', () => {
  if (python === '') {
    it.skip('keeps its data when it is killed (set GIMBAL_MLFLOW3_PYTHON to a Python with mlflow 3)', () => undefined);
    return;
  }
  let mlflow: TestMlflow;
  beforeAll(async () => {
    mlflow = await startTestMlflow(python);
  });
  afterAll(() => mlflow?.dispose());

  it('keeps its data when it is killed', async () => {
    const post = (body: object) =>
      fetch(`${mlflow.url}/api/2.0/mlflow/experiments/create`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post({ name: 'kept' })).status).toBe(200);
    await mlflow.kill();
    await expect(post({ name: 'kept' })).rejects.toThrow();
    await mlflow.restart();
    expect(await (await post({ name: 'kept' })).json()).toMatchObject({ error_code: 'RESOURCE_ALREADY_EXISTS' });
  });
});
