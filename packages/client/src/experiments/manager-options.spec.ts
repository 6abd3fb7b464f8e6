import { env } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GimbalClient } from '../gimbal-client.js';
import { ModelRegistry } from '../models/model-registry.js';
import { ExperimentError } from './experiment-error.js';
import { type ExperimentManagerOptions, resolveOptions } from './manager-options.js';

const CONNECTION = { url: 'http://127.0.0.1:8000', apiKey: 'key' };
const NAMES = ['GIMBAL_URL', 'GIMBAL_API_KEY', 'EXPERIMENT_NAME', 'GIMBAL_OFFLINE_DIR'];
const before = { ...env };
beforeEach(() => {
  for (const name of NAMES) delete env[name];
});
afterEach(() => {
  for (const name of NAMES) if (before[name] !== undefined) env[name] = before[name];
});

/** The refusal of options that no compiler has seen. */
function refusalOf(options: unknown): string {
  try {
    resolveOptions(options as ExperimentManagerOptions);
  } catch (error) {
    if (error instanceof ExperimentError && error.code === 'invalid-options') return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('with experimentName alone', () => {
  it('the registry is that of the environment', () => {
    Object.assign(env, { GIMBAL_URL: 'http://gateway:8000', GIMBAL_API_KEY: 'secret' });
    const { registry, experimentName } = resolveOptions({ experimentName: ' churn ' });
    expect([registry?.url, experimentName]).toEqual(['http://gateway:8000', 'churn']);
  });

  it('there is no registry where the environment names none: runs wait in the buffer', () => {
    expect(resolveOptions({ experimentName: 'churn' }).registry).toBeNull();
  });

  it('the forms of before work, and say once what to write instead', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    for (const _ of [1, 2]) {
      expect(resolveOptions('churn').experimentName).toBe('churn');
      expect(resolveOptions({ experiment_name: 'churn' }).experimentName).toBe('churn');
    }
    expect(warn.mock.calls.map(([, options]) => options)).toEqual([
      { type: 'DeprecationWarning', code: 'GIMBAL_DEP0001' },
      { type: 'DeprecationWarning', code: 'GIMBAL_DEP0002' },
    ]);
    warn.mockRestore();
  });
});

describe('with a registry alone', () => {
  it('it may be a registry, a client, how to reach it, or its address', () => {
    env['GIMBAL_API_KEY'] = 'secret';
    const registry = new ModelRegistry(CONNECTION);
    expect(resolveOptions({ registry }).registry).toBe(registry);
    for (const other of [new GimbalClient(CONNECTION), CONNECTION, CONNECTION.url])
      expect(resolveOptions({ registry: other }).registry?.url).toBe(CONNECTION.url);
  });

  it('the experiment is the one it is bound to, else that of the environment, else Default', () => {
    const bound = new ModelRegistry(CONNECTION, { experimentName: 'bound' });
    expect(resolveOptions({ registry: bound }).experimentName).toBe('bound');
    expect(resolveOptions({ registry: CONNECTION }).experimentName).toBe('Default');
    env['EXPERIMENT_NAME'] = 'of the environment';
    expect(resolveOptions({ registry: bound }).experimentName).toBe('bound');
    expect(resolveOptions({ registry: CONNECTION }).experimentName).toBe('of the environment');
  });
});

describe('with both', () => {
  it('each is taken as it is', () => {
    const { registry, experimentName } = resolveOptions({ registry: CONNECTION, experimentName: 'churn' });
    expect([registry?.url, experimentName]).toEqual([CONNECTION.url, 'churn']);
  });

  it('a registry of another experiment is refused, one of the same is fine', () => {
    const registry = new ModelRegistry(CONNECTION, { experimentName: 'bound' });
    expect(resolveOptions({ registry, experimentName: 'bound' }).experimentName).toBe('bound');
    expect(refusalOf({ registry, experimentName: 'other' })).toContain(
      'the registry belongs to the experiment "bound" and experimentName says "other"',
    );
  });
});

it('with neither there are defaults for both', () => {
  expect(resolveOptions()).toMatchObject({ registry: null, experimentName: 'Default', sync: 'automatic' });
});

it.each([
  [null, 'the options must be an object such as { registry, experimentName }, not null'],
  [7, 'not 7'],
  [new ModelRegistry(CONNECTION), 'new ExperimentManager({ registry })'],
  [{ experimentname: 'x' }, 'unknown option experimentname; there are registry, experimentName'],
  [{ experimentName: 'x', experiment_name: 'x' }, 'two spellings of one option'],
  [{ experimentName: '  ' }, 'experimentName must have 1 to 250 characters'],
  [{ experimentName: 7 }, 'experimentName must be a text, not 7'],
  [{ registry: null }, 'registry must be a ModelRegistry, a GimbalClient, { url, apiKey } or an address, not null'],
  [{ registry: { url: CONNECTION.url } }, 'an object with url'],
  [{ registry: 'ftp://host' }, 'is not an address such as http://127.0.0.1:8000'],
  [{ registry: CONNECTION.url }, 'set GIMBAL_API_KEY, or give { url, apiKey }'],
  [{ fsync: 'sometimes' }, 'fsync must be one of end-of-run, every-write, not "sometimes"'],
  [{ offlineBytesMax: -1 }, 'offlineBytesMax must be a whole number above 0, not -1'],
])('%p is refused in words', (options, words) => {
  expect(refusalOf(options)).toContain(words);
});

it('a refusal never shows a key', () => {
  expect(refusalOf({ registry: { apiKey: 'top-secret' } })).not.toContain('top-secret');
});
