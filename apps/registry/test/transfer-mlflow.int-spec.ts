import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AskMlflow, mlflowOf, startRun } from './mlflow-call.js';
import { type FilesHarness, startFiles } from './mlflow-files-harness.js';
import { register } from './versions.js';

let here: FilesHarness;
let there: FilesHarness;
let ask: AskMlflow;
beforeAll(async () => {
  [here, there] = await Promise.all([startFiles(), startFiles()]);
  ask = mlflowOf(here.registry);
  // Ids and numbers of the two are not the same by chance.
  await mlflowOf(there.registry)('POST', 'experiments/create', { name: 'another one' });
}, 120_000);
afterAll(() => Promise.all([here?.registry.dispose(), there?.registry.dispose()]));

/** Carries a model over. @returns how MLflow's clients find the files of a version there */
async function carry(model: string, as = model) {
  const { body: file } = await here.registry.call({ path: `/api/v1/models/${model}/export` });
  const { keys } = (await here.registry.call({ path: '/api/v1/manifests/keys' })).body;
  const form = new FormData();
  form.append('metadata', new Blob([JSON.stringify({ key_id: keys[0].kid, as })], { type: 'application/json' }));
  form.append('file', new Blob([new Uint8Array(file)]), 'model.tar');
  const request = new Request('http://registry', { method: 'POST', body: form });
  const { status, body } = await there.registry.call({
    ...{ method: 'POST', path: '/api/v1/models/import', roles: ['admin'] },
    body: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  });
  expect({ status, body }).toMatchObject({ status: 201 });
  const askThere = mlflowOf(there.registry);
  return async (version: string) => {
    const named = { name: as, version };
    const { model_version: shown } = (await askThere('GET', 'model-versions/get', named)).body;
    const { body: found } = await askThere('GET', 'model-versions/get-download-uri', named);
    const read = async (path: string) => {
      const { body: bytes } = await there.get(`${found.artifact_uri.replace('mlflow-artifacts:/', '')}/${path}`);
      return String(bytes);
    };
    const tags = Object.fromEntries(shown.tags.map(({ key, value }: Record<string, string>) => [key, value]));
    return { shown, tags, read };
  };
}

describe("MLflow's clients find the files of an imported version", () => {
  it('that was registered from a run, and of a copy of it', async () => {
    const run_id = await startRun(ask);
    await here.put(`0/${run_id}/artifacts/model/MLmodel`, Buffer.from('flavors: {}'));
    await ask('POST', 'registered-models/create', { name: 'ofrun' });
    const source = `runs:/${run_id}/model`;
    await ask('POST', 'model-versions/create', { name: 'ofrun', source, run_id });
    await ask('POST', 'model-versions/create', { name: 'ofrun', source: 'models:/ofrun/1' });
    const find = await carry('ofrun', 'renamed');
    for (const [version, said] of [
      ['1', source],
      ['2', 'models:/ofrun/1'],
    ] as const) {
      const { shown, tags, read } = await find(version);
      expect(shown.run_id).not.toBe(run_id);
      expect(shown.source).toBe(`mlflow-artifacts:/0/${shown.run_id}/artifacts/model`);
      expect(tags).toEqual({ 'gimbal.imported_source': said });
      expect(await read('MLmodel')).toBe('flavors: {}');
    }
  });

  it('that was registered from a logged model', async () => {
    const { modelId, model } = await here.makeOwners();
    await here.put(`${model}/MLmodel`, Buffer.from('flavors: {}'));
    await here.put(`${model}/data/weights.bin`, Buffer.from('heavy'));
    await ask('POST', 'registered-models/create', { name: 'logged' });
    const source = `models:/${modelId}`;
    await ask('POST', 'model-versions/create', { name: 'logged', source, model_id: modelId });
    const { shown, tags, read } = await (await carry('logged'))('1');
    expect(shown.model_id).toMatch(/^m-[0-9a-f]{32}$/);
    expect(shown.model_id).not.toBe(modelId);
    expect(tags).toEqual({ 'gimbal.imported_source': source });
    expect(await read('data/weights.bin')).toBe('heavy');
    const { body } = await mlflowOf(there.registry)('GET', `logged-models/${shown.model_id}`, {});
    expect(body.model.info).toMatchObject({ model_id: shown.model_id, status: 'LOGGED_MODEL_READY' });
  });

  it('that was registered here, without MLflow', async () => {
    await register(here.registry, 'native');
    const { read } = await (await carry('native'))('1');
    expect(await read('MLmodel')).toContain('mlflow.onnx');
  });

  it('but not where they never were kept here: what was said of them stays', async () => {
    await ask('POST', 'registered-models/create', { name: 'elsewhere' });
    await ask('POST', 'model-versions/create', { name: 'elsewhere', source: 's3://bucket/model' });
    const { shown, tags } = await (await carry('elsewhere'))('1');
    expect([shown.source, tags]).toEqual(['s3://bucket/model', {}]);
  });
});
