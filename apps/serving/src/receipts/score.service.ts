import type { ScoredRows, ScoreRows } from '@gimbal/contracts';
import type { z } from 'zod';
import { readGoodRows } from '../batch-rows/read-good-rows.js';
import { PRIORITY_LAST } from '../inference/batcher.js';
import { decideAnswers } from '../predict/decide-answers.js';
import type { ServedVersion } from '../traffic/served-models.js';
import { showOutcomes } from './show-outcomes.js';
import type { VersionRunner } from './version-runner.js';

/** Behind everybody who waits for an answer. */
const LAST = { priority: PRIORITY_LAST, deadlineMs: Number.POSITIVE_INFINITY };

/** Says what a version makes of rows, whether it is in traffic or not, so that versions can be compared. */
export class ScoreService {
  constructor(private readonly versions: Pick<VersionRunner, 'run'>) {}

  /** Counts and logs nothing. @throws DomainError as {@link VersionRunner.run}, and what running throws */
  async score({ modelName, version, rows }: z.output<typeof ScoreRows>): Promise<z.output<typeof ScoredRows>> {
    return { rows: await this.versions.run(modelName, version, (found) => scoreRows(found, rows)) };
  }
}

type Scored = z.output<typeof ScoredRows>['rows'];

async function scoreRows(
  { reader, graph, planned, threshold }: ServedVersion,
  rows: readonly unknown[],
): Promise<Scored> {
  const { good, refused } = readGoodRows(reader, rows);
  const scored: Scored = rows.map(() => ({ outcome: null, refusal: null }));
  for (const { index, message } of refused) scored[index] = { outcome: null, refusal: message };
  for (const { from, read } of good) {
    const answers = await graph.score(read.features, read.count, read.queries, LAST);
    const decisions = decideAnswers(planned.signature, { answers, rows: read.count, threshold });
    showOutcomes(decisions).forEach((outcome, row) => {
      scored[from + row] = { outcome, refusal: null };
    });
  }
  return scored;
}
