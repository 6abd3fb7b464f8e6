import { join } from 'node:path';
import { ExperimentError } from '../experiments/experiment-error.js';
import { type ExperimentManagerOptions, resolveOptions } from '../experiments/manager-options.js';
import { RunBuffer } from '../experiments/run-buffer.js';
import { RunSender } from '../experiments/run-sender.js';
import { syncRuns } from '../experiments/sync-runs.js';
import type { ExperimentStorage } from './experiment-storage.js';
import { FallbackStorage } from './fallback-storage.js';
import { OfflineStorage } from './offline-storage.js';
import { RegistryStorage } from './registry-storage.js';

export interface StorageOptions
  extends Pick<ExperimentManagerOptions, 'registry' | 'offlineDir' | 'offlineBytesMax' | 'fsync'> {
  /** `auto`, the default: the registry, and files while it cannot be reached or none is known. */
  readonly backend?: 'auto' | 'registry' | 'offline';
}

let current: ExperimentStorage | undefined;

/** Opens the storage that {@link getStorage} gives from then on. @throws ExperimentError `invalid-options`, `no-registry` */
export async function initializeStorage({
  backend = 'auto',
  ...options
}: StorageOptions = {}): Promise<ExperimentStorage> {
  const storage = open(backend, options);
  const opened: ExperimentStorage = {
    storeExperiment: (id, record) => storage.storeExperiment(id, record),
    getExperiment: (id) => storage.getExperiment(id),
    listExperiments: (filters) => storage.listExperiments(filters),
    close: async () => {
      if (current === opened) current = undefined; // another may have been opened since
      return await storage.close();
    },
  };
  current = opened;
  return opened;
}

/** @throws ExperimentError `no-storage` before {@link initializeStorage} and after `close` */
export function getStorage(): ExperimentStorage {
  if (!current) throw new ExperimentError('no-storage', 'No storage is open: call initializeStorage() first.');
  return current;
}

function open(
  backend: NonNullable<StorageOptions['backend']>,
  options: Omit<StorageOptions, 'backend'>,
): ExperimentStorage {
  const { registry, offlineDir: folder, offlineBytesMax: bytesMax, fsync } = resolveOptions(options);
  if (backend === 'registry') {
    if (!registry) throw new ExperimentError('no-registry', 'Set GIMBAL_URL and GIMBAL_API_KEY, or give a registry.');
    return new RegistryStorage(registry.client);
  }
  const buffer = new RunBuffer({ folder, bytesMax, fsync });
  const offline = new OfflineStorage(buffer, registry?.url ?? null);
  if (backend === 'offline' || !registry) return offline;
  const sender = new RunSender(registry.client, (runId, digest) => buffer.fileOf(runId, digest));
  const target = { buffer, sender, registry: registry.url, conflictsFile: join(folder, 'conflicts.ndjson') };
  return new FallbackStorage(new RegistryStorage(registry.client), offline, {
    isEmpty: () => buffer.list().length === 0,
    sync: () => syncRuns(target),
  });
}
