import { DomainError } from '@gimbal/domain';
import { Gate } from '@gimbal/platform';
import { GraphRefused } from '../inference/session-host.js';
import { type PlannedVersion, type ServedModels, ServedVersion, versionsOf } from '../traffic/served-models.js';
import type { VersionLoader } from '../traffic/version-loader.js';

/** Versions out of traffic that are held in memory at once for this. */
const AT_ONCE = 1;

/** Lends any version that there ever was, for what is asked about the past: one in traffic as it is served, another one for that time. */
export class VersionRunner {
  private readonly turns = new Gate(AT_ONCE);

  constructor(
    private readonly models: Pick<ServedModels, 'find'>,
    private readonly loader: Pick<VersionLoader, 'graphOf'>,
  ) {}

  /**
   * @throws DomainError `artifact-not-found` when the registry has given up the model file, `replay-unavailable` when that can't be loaded,
   *   and what fetching throws
   */
  async run<T>(modelName: string, planned: PlannedVersion, work: (version: ServedVersion) => Promise<T>): Promise<T> {
    const model = this.models.find(modelName);
    const served = model && versionsOf(model).find((version) => version.planned.id === planned.id);
    return served ? await work(served) : await this.turns.pass(() => this.runArchived(modelName, planned, work));
  }

  private async runArchived<T>(
    modelName: string,
    planned: PlannedVersion,
    work: (version: ServedVersion) => Promise<T>,
  ): Promise<T> {
    const graph = this.loader.graphOf(modelName, planned);
    try {
      await graph.load().catch(refuseForGood);
      return await work(new ServedVersion(modelName, planned, graph));
    } finally {
      await graph.close();
    }
  }
}

function refuseForGood(error: unknown): never {
  if (!(error instanceof GraphRefused)) throw error;
  throw new DomainError('replay-unavailable', 'The model file cannot be loaded any more.', { cause: error });
}
