import { ExperimentError } from '../experiments/experiment-error.js';
import { findExperiment } from '../experiments/find-experiment.js';
import { checkEntry } from '../experiments/run-entry.js';
import { RunSender } from '../experiments/run-sender.js';
import type { CallOutput, GimbalClient } from '../gimbal-client.js';
import { GimbalError } from '../gimbal-error.js';
import type {
  ExperimentFilters,
  ExperimentPage,
  ExperimentRecord,
  ExperimentStorage,
  StoredExperiment,
} from './experiment-storage.js';
import { entriesOf, startOf } from './record-entries.js';

type Run = CallOutput<'getRun'>;

/** Keeps experiments as runs of the registry, which keeps them in PostgreSQL. */
export class RegistryStorage implements ExperimentStorage {
  private readonly sender: RunSender;
  private readonly names = new Map<string, string>();

  constructor(private readonly client: GimbalClient) {
    this.sender = new RunSender(client, (_, digest) => digest); // records have no files
  }

  async storeExperiment(id: string, record: ExperimentRecord): Promise<void> {
    const entries = [checkEntry(startOf(id, record, null)), ...entriesOf(record)];
    try {
      for (const entry of entries) await this.sender.send(id, entry);
    } catch (error) {
      throw isConflict(error) ? new ExperimentError('conflict', error.message, { cause: error }) : error;
    }
  }

  async getExperiment(id: string): Promise<StoredExperiment | null> {
    try {
      return await this.show(await this.client.call('getRun', { params: { id } }));
    } catch (error) {
      if (error instanceof GimbalError && error.code === 'run-not-found') return null;
      throw error;
    }
  }

  async listExperiments({ experimentName, ...query }: ExperimentFilters = {}): Promise<ExperimentPage> {
    const id = experimentName === undefined ? undefined : await findExperiment(this.client, experimentName);
    if (experimentName !== undefined && id === undefined) return { items: [], nextCursor: null };
    const runs = await this.client.call('listRuns', {
      query: { ...query, ...(id !== undefined && { experiment_id: id }) },
    });
    return { items: await Promise.all(runs.items.map((run) => this.show(run))), nextCursor: runs.nextCursor };
  }

  async close(): Promise<null> {
    return null;
  }

  private async show({
    id,
    name,
    state,
    params,
    metrics,
    tags,
    startedAt,
    endedAt,
    experimentId,
  }: Run): Promise<StoredExperiment> {
    const experimentName = await this.nameOf(experimentId);
    const numbers = Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, Number(value)])); // "NaN" is a text in JSON
    return { id, experimentName, name, state, params, metrics: numbers, tags, startedAt, endedAt };
  }

  private async nameOf(experimentId: string): Promise<string> {
    const name =
      this.names.get(experimentId) ?? (await this.client.call('getExperiment', { params: { id: experimentId } })).name;
    this.names.set(experimentId, name);
    return name;
  }
}

/** `already-exists`: a parameter or the run itself is another; `invalid-transition`: it has ended otherwise. */
const isConflict = (error: unknown): error is GimbalError =>
  error instanceof GimbalError && ['already-exists', 'invalid-transition'].includes(error.code);
