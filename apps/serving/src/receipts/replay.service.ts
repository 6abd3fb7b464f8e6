import type { RanAgain, RunAgain } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { z } from 'zod';
import { ORDINARY } from '../inference/batcher.js';
import { Gate } from '../inference/gate.js';
import { RUNTIME } from '../inference/open-scorer.js';
import { GraphRefused } from '../inference/session-host.js';
import { classesOf, decideAnswers } from '../predict/decide-answers.js';
import { type PlannedVersion, type ServedModels, ServedVersion, versionsOf } from '../traffic/served-models.js';
import type { VersionLoader } from '../traffic/version-loader.js';
import { hashFeatures } from './receipt-issuer.js';

/** Versions out of traffic that are held in memory at once for this. */
const AT_ONCE = 1;

/** Computes again what a version said, whether it is in traffic or was archived long ago. */
export class ReplayService {
  private readonly turns = new Gate(AT_ONCE);

  constructor(
    private readonly models: Pick<ServedModels, 'find'>,
    private readonly loader: Pick<VersionLoader, 'graphOf'>,
  ) {}

  /**
   * One row, in a run of its own, by the threshold of then. Counts and logs nothing.
   * @throws DomainError `artifact-not-found` when the registry has given up the model file, `replay-unavailable` when that can't be
   *   loaded or the row can't be read as logged, and what fetching and running throw
   */
  async run({
    modelName,
    version,
    threshold,
    features,
  }: z.output<typeof RunAgain>): Promise<z.output<typeof RanAgain>> {
    const model = this.models.find(modelName);
    const served = model && versionsOf(model).find(({ planned }) => planned.id === version.id);
    const outcome = served
      ? await compute(served, features, threshold)
      : await this.turns.pass(() => this.computeArchived(modelName, version, features, threshold));
    return { outcome, inputSha256: hashFeatures(features), runtime: RUNTIME };
  }

  private async computeArchived(
    modelName: string,
    planned: PlannedVersion,
    features: Features,
    threshold: number,
  ): Promise<Outcome> {
    const graph = this.loader.graphOf(modelName, planned);
    try {
      await graph.load().catch(refuseForGood);
      return await compute(new ServedVersion(modelName, planned, graph), features, threshold);
    } finally {
      await graph.close();
    }
  }
}

type Features = z.output<typeof RunAgain>['features'];
type Outcome = z.output<typeof RanAgain>['outcome'];

async function compute(
  { reader, graph, planned }: ServedVersion,
  features: Features,
  threshold: number,
): Promise<Outcome> {
  const read = readLogged(() => reader.read([features], undefined, undefined));
  const answers = await graph.score(read.features, 1, read.queries, { ...ORDINARY, isAlone: true });
  const decisions = decideAnswers(planned.signature, { answers, rows: 1, threshold: Math.fround(threshold) });
  const probability = decisions.probabilities[0] ?? Number.NaN;
  return {
    prediction: decisions.predictions[0] ?? 0,
    probability: Number.isNaN(probability) ? null : probability,
    classProbabilities: Array.from(classesOf(decisions, 0)),
  };
}

function refuseForGood(error: unknown): never {
  if (!(error instanceof GraphRefused)) throw error;
  throw new DomainError('replay-unavailable', 'The model file cannot be loaded any more.', { cause: error });
}

function readLogged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new DomainError('replay-unavailable', 'The logged values are not such as the version takes.', {
      cause: error,
    });
  }
}
