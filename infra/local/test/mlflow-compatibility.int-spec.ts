import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestMlflow, type TestMlflow } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { writeCompatibilityPage } from './mlflow/compatibility-page.js';
import { DIFFERENCES } from './mlflow/differences.js';
import { findClient, type MlflowClient, type Result, runWorkflow } from './mlflow/workflow.js';
import { ROOT, Ward } from './ward.js';

jest.setTimeout(900_000);

const found = [findClient('GIMBAL_MLFLOW2_PYTHON', 2), findClient('GIMBAL_MLFLOW3_PYTHON', 3)];
const clients = found.filter((client): client is MlflowClient => typeof client !== 'string');

for (const why of found.filter((reason) => typeof reason === 'string'))
  it.skip(`MLflow's client for Python gets from Gimbal what MLflow's own server gives it (${why})`, () => undefined);

for (const client of clients) describe(`MLflow's client for Python ${client.version}`, () => compare(client));

function compare(client: MlflowClient): void {
  let ward: Ward;
  let mlflow: TestMlflow;
  let ours: ReadonlyMap<string, Result>;
  let theirs: ReadonlyMap<string, Result>;

  beforeAll(async () => {
    [ward, mlflow] = await Promise.all([Ward.open(), startTestMlflow(client.python)]);
    const token = (await ward.keys()).admin;
    [ours, theirs] = await Promise.all([
      runWorkflow(client, { url: (await ward.runtime()).gateway, token }),
      runWorkflow(client, { url: mlflow.url }),
    ]);
  });
  afterAll(() => Promise.all([ward?.close(), mlflow?.dispose()]));

  const equal = client.features.filter((feature) => DIFFERENCES[feature] === undefined);
  it.each(equal)("gets what MLflow's own server gives: %s", (feature) => {
    expect(theirs.get(feature)).toHaveProperty('value');
    expect(ours.get(feature)).toEqual(theirs.get(feature));
  });

  const different = client.features.filter((feature) => DIFFERENCES[feature] !== undefined);
  if (different.length > 0)
    it.each(different)('is told something else for a reason on record: %s', (feature) => {
      expect(ours.get(feature)).not.toEqual(theirs.get(feature));
    });
}

describe('the page of compatibility', () => {
  const title = 'says what the workflow finds';
  if (clients.length < found.length) {
    it.skip(`${title} (both clients are needed)`, () => undefined);
    return;
  }
  it(title, async () => {
    const path = join(ROOT, 'docs/mlflow-compatibility.md');
    const page = writeCompatibilityPage(clients);
    if (process.env['GIMBAL_WRITE_DOCS'] === '1') await writeFile(path, page);
    expect(await readFile(path, 'utf8')).toBe(page);
  });
});
