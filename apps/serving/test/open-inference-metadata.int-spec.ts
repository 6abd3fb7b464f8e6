import './native-arrays.js';
import { OpenLogSettings, OpenModel, OpenModelConfig, OpenRepositoryIndex, OpenServer } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenServing } from './open-serving.js';

let serving: OpenServing;
beforeAll(async () => {
  serving = await OpenServing.start();
});
afterAll(() => serving?.stop());

describe('what the server says of itself', () => {
  it('is its name, its extensions, that it lives and that it is ready', async () => {
    const { extensions } = OpenServer.parse((await serving.look('openServer')).body);
    expect(extensions).toEqual(expect.arrayContaining(['binary_tensor_data', 'model_repository', 'statistics']));
    expect((await serving.look('openLive')).body).toEqual({ live: true });
    expect(await serving.look('openReady')).toMatchObject({ status: 200, body: { ready: true } });
    expect((await serving.look('openModels')).body).toEqual({ models: ['heart-disease', 'empty'] });
  });

  it('is what each model takes and gives, live or by version', async () => {
    const live = OpenModel.parse((await serving.look('openModel', { model: 'heart-disease' })).body);
    expect(live).toEqual({
      name: 'heart-disease',
      versions: ['1', '2'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 3] }],
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [-1] },
        { name: 'probability', datatype: 'FP32', shape: [-1] },
      ],
    });
    expect((await serving.look('openVersion', { model: 'heart-disease', version: '2' })).status).toBe(200);
    const { body } = await serving.look('openModelConfig', { model: 'heart-disease' });
    expect(OpenModelConfig.parse(body)).toMatchObject({
      platform: 'onnxruntime_onnx',
      input: [{ name: 'features', data_type: 'TYPE_FP32', dims: [3] }],
      output: [{ name: 'label', dims: [1], reshape: { shape: [] } }, { name: 'probability' }],
    });
  });

  it('is which models are ready, and why others are not', async () => {
    const ready = { name: 'heart-disease', ready: true };
    expect(await serving.look('openModelReady', { model: 'heart-disease' })).toMatchObject({
      status: 200,
      body: ready,
    });
    expect(await serving.look('openVersionReady', { model: 'heart-disease', version: '2' })).toMatchObject({
      body: ready,
    });
    const empty = await serving.look('openModelReady', { model: 'empty' });
    expect(empty).toMatchObject({ status: 503, body: { name: 'empty', ready: false } });
    for (const [route, params] of [
      ['openModel', { model: 'other' }],
      ['openModelReady', { model: 'other' }],
      ['openVersion', { model: 'heart-disease', version: '9' }],
      ['openVersion', { model: 'heart-disease', version: 'latest' }],
      ['openVersionReady', { model: 'heart-disease', version: '9' }],
    ] as const)
      expect(await serving.look(route, params)).toMatchObject({ status: 404, body: { error: expect.any(String) } });
  });

  it('is what its repository holds and loads; what the registry decides is refused with the way to it', async () => {
    await eventually(async () => {
      const index = OpenRepositoryIndex.parse((await serving.look('openRepository')).body);
      expect(index).toEqual([
        { name: 'heart-disease', version: '1', state: 'READY', reason: '' },
        { name: 'heart-disease', version: '2', state: 'READY', reason: '' },
        { name: 'empty', state: 'UNAVAILABLE', reason: expect.stringContaining('traffic') },
      ]);
    });
    expect((await serving.look('openRepository', {}, { ready: true })).body).toHaveLength(2);
    expect(await serving.look('openLoad', { model: 'heart-disease' })).toMatchObject({ status: 200, body: {} });
    expect(await serving.look('openUnload', { model: 'empty' })).toMatchObject({ status: 200, body: {} });
    const config = { parameters: { config: '{}' } };
    for (const [said, status, words] of [
      [await serving.look('openLoad', { model: 'heart-disease' }, config), 400, /registry/],
      [await serving.look('openLoad', { model: 'empty' }), 503, /promote/],
      [await serving.look('openLoad', { model: 'other' }), 404, /no model/],
      [await serving.look('openUnload', { model: 'other' }), 404, /no model/],
    ] as const)
      expect(said).toMatchObject({ status, body: { error: expect.stringMatching(words) } });
  });

  it('gives memory back when a model is unloaded, stays ready, and loads it when it is asked', async () => {
    const stateOf = async () => OpenRepositoryIndex.parse((await serving.look('openRepository')).body)[0];
    expect(await serving.look('openUnload', { model: 'heart-disease' })).toMatchObject({ status: 200, body: {} });
    expect(await stateOf()).toMatchObject({ state: 'UNAVAILABLE', reason: 'unloaded' });
    expect((await serving.look('openModelReady', { model: 'heart-disease' })).status).toBe(200);
    const { body } = await serving.look('openModelConfig', { model: 'heart-disease' });
    expect(OpenModelConfig.parse(body)).toMatchObject({ platform: 'onnxruntime_onnx' });
    expect(await serving.look('openLoad', { model: 'heart-disease' })).toMatchObject({ status: 200, body: {} });
    expect(await stateOf()).toMatchObject({ state: 'READY', reason: '' });
  });

  it('is what it logs, which can be changed', async () => {
    const before = OpenLogSettings.parse((await serving.look('openLogging')).body);
    expect(before).toMatchObject({ log_info: true, log_error: true, log_verbose_level: 1 });
    const quiet = await serving.look('openSetLogging', {}, { log_verbose_level: 0, log_info: false });
    expect(quiet.body).toMatchObject({ log_info: false, log_warning: true, log_verbose_level: 0 });
    await serving.look('openSetLogging', {}, { log_verbose_level: 1, log_info: true });
    expect((await serving.look('openLogging')).body).toEqual(before);
    for (const change of [{ log_file: '/etc/passwd' }, { log_info: 1 }, { log_verbose_level: -1 }, [], 'x'])
      expect((await serving.look('openSetLogging', {}, change)).status).toBe(400);
  });
});
