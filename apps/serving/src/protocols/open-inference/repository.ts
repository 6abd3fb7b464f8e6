import { DomainError } from '@gimbal/domain';
import { findModel } from '../../predict/find-version.js';
import type { ServedModel, ServedModels } from '../../traffic/served-models.js';
import { isObject, refuse } from '../refuse.js';

interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state: 'READY' | 'LOADING' | 'UNAVAILABLE';
  readonly reason: string;
}

/** Versions that a traffic plan sends rows to. */
const plannedOf = ({ plan }: ServedModel): readonly number[] => [
  ...new Set([
    ...(plan.live === null ? [] : [plan.live]),
    ...(plan.canary ? [plan.canary.version] : []),
    ...(plan.shadow ?? []),
    ...(plan.ab?.arms.map(({ version }) => version) ?? []),
  ]),
];

function entriesOf(model: ServedModel): readonly IndexEntry[] {
  const { name, versions, refused } = model;
  const numbers = new Set([...versions.keys(), ...refused.keys(), ...plannedOf(model)]);
  if (numbers.size === 0) return [{ name, state: 'UNAVAILABLE', reason: 'no version is in traffic' }];
  return [...numbers]
    .sort((one, other) => one - other)
    .map((version): IndexEntry => {
      const entry = { name, version: String(version) };
      if (versions.has(version)) return { ...entry, state: 'READY', reason: '' };
      const reason = refused.get(version);
      return reason === undefined
        ? { ...entry, state: 'LOADING', reason: '' }
        : { ...entry, state: 'UNAVAILABLE', reason };
    });
}

/** POST `v2/repository/index`. @param body `{ready?}`: only what answers */
export function listRepository(models: Pick<ServedModels, 'all'>, body: unknown): readonly IndexEntry[] {
  const { ready = false } = isObject(body) ? body : {};
  if (typeof ready !== 'boolean') return refuse('ready', 'must be true or false');
  const entries = [...models.all].flatMap(entriesOf);
  return ready ? entries.filter(({ state }) => state === 'READY') : entries;
}

/**
 * POST `v2/repository/models/{m}/load`: which versions are loaded is the registry's to say, so this only tells whether they are.
 * @throws DomainError `model-not-found`, `no-live-version`, `no-model-available`; InvalidInputError for a model sent along
 */
export function confirmLoaded(models: Pick<ServedModels, 'find' | 'isInformed'>, name: string, body: unknown): void {
  const { parameters = {} } = isObject(body) ? body : {};
  if (!isObject(parameters) || Object.keys(parameters).length > 0)
    refuse('parameters', 'are not taken: register a version with the registry and promote it; it is loaded by itself');
  const entries = entriesOf(findModel(models, name));
  if (entries.every(({ version }) => version === undefined))
    throw new DomainError(
      'no-live-version',
      'No version of the model is in traffic; promote one, and it is loaded by itself.',
    );
  const waiting = entries.find(({ state }) => state !== 'READY');
  if (waiting)
    throw new DomainError(
      'no-model-available',
      `Version ${waiting.version} is not loaded: ${waiting.reason || 'it is being loaded'}.`,
    );
}

/**
 * POST `v2/repository/models/{m}/unload`: done when nothing of the model is in traffic.
 * @throws DomainError `model-not-found`, `invalid-transition` while the registry has it in traffic
 */
export function confirmUnloaded(models: Pick<ServedModels, 'find' | 'isInformed'>, name: string): void {
  const model = findModel(models, name);
  if (plannedOf(model).length === 0 && model.versions.size === 0) return;
  throw new DomainError(
    'invalid-transition',
    'The model is in traffic; take its versions out of the traffic plan (PUT /api/v1/models/{model}/traffic), and they are unloaded by themselves.',
  );
}
