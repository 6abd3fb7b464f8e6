import type { ServedVersion } from '@gimbal/contracts';
import type { Dataset } from '@gimbal/learning';
import { Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import type { LearningResults, LearningTask } from '../learning-workers/learning-task.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import type { LiveAnswers } from './score-table.js';

type ReportTask = Extract<LearningTask, { kind: 'report' }>;

/** Judges a candidate on rows it never saw, alone and beside the live version; all that grows with the rows happens in a worker thread. */
@Injectable()
export class EvaluateTableService {
  constructor(
    private readonly registry: RegistryClient,
    private readonly pool: WorkerPool,
  ) {}

  /** @throws DomainError when the registry is away; LearningError */
  async evaluate(
    run: ClaimedRun,
    candidate: Omit<ReportTask, 'kind' | 'live'>,
    live: ServedVersion | null,
    watch: RunWatch,
  ): Promise<LearningResults['report']> {
    const { signal } = watch;
    const answers = live && (await this.scoreLive(run, candidate, live, signal));
    return await this.pool.run(
      { kind: 'report', ...candidate, live: answers },
      { signal, onProgress: (done) => watch.advance(done) },
    );
  }

  /**
   * The live version's answers to the holdout; null when it takes other inputs or answers other classes. It may have learned from some of
   * these rows, in another training: that favours the live version, never the candidate.
   */
  private async scoreLive(
    run: ClaimedRun,
    { dataset, rows }: Pick<ReportTask, 'dataset' | 'rows'>,
    { version, threshold, artifactDigest, ...live }: ServedVersion,
    signal: AbortSignal,
  ): Promise<LiveAnswers | null> {
    if (!takesSameRows(live, dataset)) return null;
    const file = await this.registry.readArtifact(artifactDigest, run.request.requestedBy);
    return { version, threshold, answers: await this.pool.run({ kind: 'score', file, dataset, rows }, { signal }) };
  }
}

function takesSameRows(
  { signature: { task, inputs, classes = [] } }: Pick<ServedVersion, 'signature'>,
  dataset: Dataset,
): boolean {
  const ours = dataset.features.map(({ name, categories }) => `${name}${categories ? ' as text' : ''}`);
  const theirs = inputs.map(({ name, categories }) => `${name}${categories ? ' as text' : ''}`);
  const isMulticlass = dataset.task === 'multiclass-classification';
  return (
    task === dataset.task &&
    ours.join('\n') === theirs.join('\n') &&
    (!isMulticlass || classes.join('\n') === dataset.classes.join('\n'))
  );
}
