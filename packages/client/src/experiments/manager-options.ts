import { join } from 'node:path';
import { env } from 'node:process';
import { type ClientOptions, GimbalClient } from '../gimbal-client.js';
import { ModelRegistry } from '../models/model-registry.js';
import { warnDeprecated } from './deprecations.js';
import { ExperimentError } from './experiment-error.js';
import type { FsyncPolicy } from './run-journal.js';

/** A registry in any of the forms it may be given in: the object, a client, how to reach it, or its address alone. */
export type RegistryOption = ModelRegistry | GimbalClient | ClientOptions | string;

export interface ExperimentManagerOptions {
  /** Default: the gateway of `GIMBAL_URL` with the key of `GIMBAL_API_KEY`; without it runs stay in the offline buffer. */
  readonly registry?: RegistryOption | undefined;
  /** Default: the registry's own `experimentName`, else `EXPERIMENT_NAME`, else `Default`. */
  readonly experimentName?: string | undefined;
  /** @deprecated write `experimentName` */
  readonly experiment_name?: string | undefined;
  /** Folder of the offline buffer; default `GIMBAL_OFFLINE_DIR`, else `.gimbal/offline`. */
  readonly offlineDir?: string | undefined;
  /** Most bytes that wait there, default 2 GiB. */
  readonly offlineBytesMax?: number | undefined;
  /** Default `end-of-run`. */
  readonly fsync?: FsyncPolicy | undefined;
  /** `automatic`: soon after something was logged. `manual`: only when `sync()` is called. Default `automatic`. */
  readonly sync?: 'automatic' | 'manual' | undefined;
  /** How long the end of a run waits until the registry has it, in milliseconds; default 10 000. It is on disk before. */
  readonly endTimeoutMs?: number | undefined;
}

/** The options with every default filled in. */
export interface ManagerSettings {
  readonly registry: ModelRegistry | null;
  readonly experimentName: string;
  readonly offlineDir: string;
  readonly offlineBytesMax: number;
  readonly fsync: FsyncPolicy;
  readonly sync: 'automatic' | 'manual';
  readonly endTimeoutMs: number;
}

const KEYS: ReadonlyArray<keyof ExperimentManagerOptions> = [
  'registry',
  'experimentName',
  'experiment_name',
  'offlineDir',
  'offlineBytesMax',
  'fsync',
  'sync',
  'endTimeoutMs',
];
const EXPERIMENT_NAME_MAX = 250;
const BYTES_MAX = 2_147_483_648;
const END_TIMEOUT_MS = 10_000;

/** @throws ExperimentError `invalid-options`, saying what to write instead */
export function resolveOptions(given: ExperimentManagerOptions | string = {}): ManagerSettings {
  if (typeof given === 'string') warnDeprecated('GIMBAL_DEP0001');
  const options = typeof given === 'string' ? { experimentName: given } : given;
  if (options === null || typeof options !== 'object' || Array.isArray(options))
    throw invalid(`the options must be an object such as { registry, experimentName }, not ${describe(options)}`);
  if (options instanceof ModelRegistry || options instanceof GimbalClient)
    throw invalid('a registry is given as an option: new ExperimentManager({ registry })');
  const unknown = Object.keys(options).filter((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown.length > 0) throw invalid(`unknown option ${unknown.join(', ')}; there are ${KEYS.join(', ')}`);
  const named = nameOf(options);
  const registry = options.registry === undefined ? registryOfEnvironment() : registryOf(options.registry);
  return {
    registry,
    experimentName: agree(named, registry?.experimentName) ?? (env['EXPERIMENT_NAME'] || 'Default'),
    offlineDir: options.offlineDir ?? (env['GIMBAL_OFFLINE_DIR'] || join('.gimbal', 'offline')),
    offlineBytesMax: positive('offlineBytesMax', options.offlineBytesMax, BYTES_MAX),
    fsync: oneOf('fsync', options.fsync, ['end-of-run', 'every-write']),
    sync: oneOf('sync', options.sync, ['automatic', 'manual']),
    endTimeoutMs: positive('endTimeoutMs', options.endTimeoutMs, END_TIMEOUT_MS),
  };
}

function nameOf({ experimentName, experiment_name }: ExperimentManagerOptions): string | undefined {
  if (experiment_name !== undefined) warnDeprecated('GIMBAL_DEP0002');
  if (experimentName !== undefined && experiment_name !== undefined)
    throw invalid('experimentName and experiment_name are two spellings of one option; give experimentName alone');
  const name = experimentName ?? experiment_name;
  if (name === undefined) return undefined;
  if (typeof name !== 'string') throw invalid(`experimentName must be a text, not ${describe(name)}`);
  const trimmed = name.trim();
  if (trimmed.length === 0 || trimmed.length > EXPERIMENT_NAME_MAX)
    throw invalid(`experimentName must have 1 to ${EXPERIMENT_NAME_MAX} characters, not ${trimmed.length}`);
  return trimmed;
}

/** A registry may be bound to an experiment; then both must mean the same one. */
function agree(named: string | undefined, bound: string | undefined): string | undefined {
  if (named !== undefined && bound !== undefined && named !== bound)
    throw invalid(
      `the registry belongs to the experiment "${bound}" and experimentName says "${named}": give the name once, or a registry without one`,
    );
  return named ?? bound;
}

/** @throws ExperimentError `invalid-options` */
function registryOf(given: RegistryOption): ModelRegistry {
  if (given instanceof ModelRegistry) return given;
  if (given instanceof GimbalClient) return new ModelRegistry(given);
  if (typeof given === 'string') return new ModelRegistry({ url: addressOf(given), apiKey: keyOfEnvironment(given) });
  if (given === null || typeof given !== 'object' || typeof given.url !== 'string' || typeof given.apiKey !== 'string')
    throw invalid(
      `registry must be a ModelRegistry, a GimbalClient, { url, apiKey } or an address, not ${describe(given)}`,
    );
  return new ModelRegistry({ ...given, url: addressOf(given.url) });
}

function registryOfEnvironment(): ModelRegistry | null {
  const url = env['GIMBAL_URL'];
  return url ? registryOf(url) : null;
}

function keyOfEnvironment(url: string): string {
  const key = env['GIMBAL_API_KEY'];
  if (!key) throw invalid(`the registry at ${url} needs a key: set GIMBAL_API_KEY, or give { url, apiKey }`);
  return key;
}

function addressOf(url: string): string {
  if (!/^https?:\/\/[^/?#@]+/.test(url) || !URL.canParse(url))
    throw invalid(`"${url.slice(0, 100)}" is not an address such as http://127.0.0.1:8000`);
  return url;
}

function positive(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!Number.isSafeInteger(value) || value <= 0)
    throw invalid(`${name} must be a whole number above 0, not ${describe(value)}`);
  return value;
}

function oneOf<const T extends string>(name: string, value: T | undefined, allowed: readonly [T, ...T[]]): T {
  if (value === undefined) return allowed[0];
  if (!allowed.includes(value))
    throw invalid(`${name} must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
  return value;
}

const invalid = (message: string): ExperimentError => new ExperimentError('invalid-options', message);

/** Short, and without what might be a secret: texts are shown only where a word of a list is expected. */
function describe(value: unknown): string {
  if (value === null || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object'
    ? `an object with ${Object.keys(value).join(', ') || 'nothing'}`
    : `a ${typeof value}`;
}
