import type { Outcome, RanAgain, RunAgain } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { z } from 'zod';
import { ORDINARY } from '../inference/batcher.js';
import { RUNTIME } from '../inference/open-scorer.js';
import { decideAnswers } from '../predict/decide-answers.js';
import type { ServedVersion } from '../traffic/served-models.js';
import { hashFeatures } from './receipt-issuer.js';
import { showOutcomes } from './show-outcomes.js';
import type { VersionRunner } from './version-runner.js';

/** Computes again what a version said, whether it is in traffic or was archived long ago. */
export class ReplayService {
  constructor(private readonly versions: Pick<VersionRunner, 'run'>) {}

  /**
   * One row, in a run of its own, by the threshold of then. Counts and logs nothing.
   * @throws DomainError as {@link VersionRunner.run}; `replay-unavailable` when the row can't be read as logged, and what running throws
   */
  async run({
    modelName,
    version,
    threshold,
    features,
  }: z.output<typeof RunAgain>): Promise<z.output<typeof RanAgain>> {
    const outcome = await this.versions.run(modelName, version, (found) => compute(found, features, threshold));
    return { outcome, inputSha256: hashFeatures(features), runtime: RUNTIME };
  }
}

async function compute(
  { reader, graph, planned }: ServedVersion,
  features: z.output<typeof RunAgain>['features'],
  threshold: number,
): Promise<z.output<typeof Outcome>> {
  const read = readLogged(() => reader.read([features], undefined, undefined));
  const answers = await graph.score(read.features, 1, read.queries, { ...ORDINARY, isAlone: true });
  const decisions = decideAnswers(planned.signature, { answers, rows: 1, threshold: Math.fround(threshold) });
  return showOutcomes(decisions)[0]!; // one row was run
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
