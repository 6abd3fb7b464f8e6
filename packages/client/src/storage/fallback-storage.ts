import type { SyncReport } from '../experiments/sync-runs.js';
import { isTemporary } from '../temporary-failure.js';
import type { ExperimentFilters, ExperimentRecord, ExperimentStorage } from './experiment-storage.js';

/** What waits on disk. */
export interface Waiting {
  isEmpty(): boolean;
  /** Sends it. */
  sync(): Promise<SyncReport>;
}

/**
 * The registry while it can be reached, files while it cannot. What was written to files is sent before the registry is asked again, so
 * that it answers with everything; while it is away, only what is on this disk is seen.
 */
export class FallbackStorage implements ExperimentStorage {
  constructor(
    private readonly registry: ExperimentStorage,
    private readonly offline: ExperimentStorage,
    private readonly waiting: Waiting,
  ) {}

  async storeExperiment(id: string, record: ExperimentRecord) {
    return await this.ask((storage) => storage.storeExperiment(id, record));
  }

  async getExperiment(id: string) {
    return await this.ask((storage) => storage.getExperiment(id));
  }

  async listExperiments(filters?: ExperimentFilters) {
    return await this.ask((storage) => storage.listExperiments(filters));
  }

  async close(): Promise<SyncReport> {
    return await this.waiting.sync();
  }

  private async ask<T>(question: (storage: ExperimentStorage) => Promise<T>): Promise<T> {
    if (!this.waiting.isEmpty()) {
      const { stoppedBy } = await this.waiting.sync();
      if (stoppedBy) return await this.instead(stoppedBy, question);
    }
    try {
      return await question(this.registry);
    } catch (error) {
      return await this.instead(error, question);
    }
  }

  /** Only for a registry that is away: what it refuses is refused. */
  private async instead<T>(failure: unknown, question: (storage: ExperimentStorage) => Promise<T>): Promise<T> {
    if (!isTemporary(failure)) throw failure;
    return await question(this.offline);
  }
}
