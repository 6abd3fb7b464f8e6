import { DomainError } from '@gimbal/domain';
import { findModel } from '../../predict/find-version.js';
import { type ServedModel, type ServedModels, type ServedVersion, versionsOf } from '../../traffic/served-models.js';
import { isObject, refuse } from '../refuse.js';

/** As Triton words it; here, a request loads such a model. */
const UNLOADED = 'unloaded';

interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state: 'READY' | 'LOADING' | 'UNAVAILABLE';
  readonly reason: string;
}

function stateOf({ graph }: ServedVersion): Pick<IndexEntry, 'state' | 'reason'> {
  if (graph.state === 'loaded') return { state: 'READY', reason: '' };
  if (graph.state === 'loading') return { state: 'LOADING', reason: '' };
  return { state: 'UNAVAILABLE', reason: graph.fault ?? UNLOADED };
}

function entriesOf({ name, versions }: ServedModel): readonly IndexEntry[] {
  if (versions.size === 0) return [{ name, state: 'UNAVAILABLE', reason: 'no version is in traffic' }];
  return [...versions]
    .sort(([one], [other]) => one - other)
    .map(([number, version]) => ({ name, version: String(number), ...stateOf(version) }));
}

/** POST `v2/repository/index`. @param body `{ready?}`: only what answers */
export function listRepository(models: Pick<ServedModels, 'all'>, body: unknown): readonly IndexEntry[] {
  const { ready = false } = isObject(body) ? body : {};
  if (typeof ready !== 'boolean') return refuse('ready', 'must be true or false');
  const entries = [...models.all].flatMap(entriesOf);
  return ready ? entries.filter(({ state }) => state === 'READY') : entries;
}

/**
 * POST `v2/repository/models/{m}/load`: brings what the registry has put in traffic into memory, as its first request would.
 * @throws DomainError `model-not-found`, `no-live-version`, `no-model-available`; InvalidInputError for a model sent along
 */
export async function loadModel(
  models: Pick<ServedModels, 'find' | 'isInformed'>,
  name: string,
  body: unknown,
): Promise<void> {
  const { parameters = {} } = isObject(body) ? body : {};
  if (!isObject(parameters) || Object.keys(parameters).length > 0)
    refuse('parameters', 'are not taken: register a version with the registry and promote it; it is loaded by itself');
  const versions = [...findModel(models, name).versions.values()];
  if (versions.length === 0)
    throw new DomainError(
      'no-live-version',
      'No version of the model is in traffic; promote one, and it is loaded by itself.',
    );
  await Promise.all(
    versions.map(async ({ planned, graph }) => {
      try {
        await graph.load();
      } catch (error) {
        throw new DomainError(
          'no-model-available',
          `Version ${planned.version} cannot be loaded: ${graph.fault ?? 'it was taken out of traffic'}.`,
          { cause: error },
        );
      }
    }),
  );
}

/**
 * POST `v2/repository/models/{m}/unload`: gives a model's memory back. What is in traffic is the registry's to say, so it stays there, and
 * the next request loads it again.
 * @throws DomainError `model-not-found`
 */
export function unloadModel(models: Pick<ServedModels, 'find' | 'isInformed'>, name: string): void {
  for (const { graph } of versionsOf(findModel(models, name))) graph.unload();
}
