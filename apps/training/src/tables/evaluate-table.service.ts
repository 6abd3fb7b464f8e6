import type { Evaluation, Metrics, ModelVersion, VersusLive } from '@gimbal/contracts';
import { type Dataset, type TaskValidation, takeTarget } from '@gimbal/learning';
import { Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import { compareWithLive } from '../pipeline/compare-with-live.js';
import { measureRows } from '../pipeline/measure-rows.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import type { TableSet } from './plan-table.js';
import { type AnsweredTable, compareLosses, hasLoss, scoreTable } from './score-table.js';

interface Judged {
  readonly run: ClaimedRun;
  readonly set: TableSet;
  readonly answered: AnsweredTable;
  readonly selected: TaskValidation;
  readonly live: ModelVersion | null;
  readonly seed: number;
}

/** Judges a candidate on rows it never saw, alone and beside the live version. */
@Injectable()
export class EvaluateTableService {
  constructor(
    private readonly registry: RegistryClient,
    private readonly pool: WorkerPool,
  ) {}

  /** @throws DomainError when the registry is away; LearningError */
  async evaluate(judged: Judged, watch: RunWatch): Promise<Evaluation> {
    const { set, answered, selected } = judged;
    const compared = await this.scoreLive(judged, watch);
    if (selected.task !== 'binary-classification') {
      return {
        holdout: null,
        scores: scoreTable(answered, { trainRows: set.trainRows, selected }),
        scoresVersusLive: compared ? this.compareScores(judged, compared) : [],
        crossValidation: null,
        versusLive: [],
      };
    }
    const { summary, folds } = selected;
    return {
      holdout: this.measure(answered),
      crossValidation: {
        folds: folds.length,
        f1Mean: summary.f1.mean,
        f1Deviation: summary.f1.deviation,
        rocAucMean: summary.rocAuc.mean,
      },
      versusLive: compared ? this.compareBinary(judged, compared) : [],
    };
  }

  private measure({ dataset, rows, answers, threshold }: AnsweredTable): Metrics {
    return measureRows({
      labels: takeTarget(dataset, rows),
      probabilities: answers,
      threshold: threshold ?? Number.NaN,
    });
  }

  private compareBinary({ answered, seed }: Judged, { live, answers }: LiveAnswers): VersusLive[] {
    const { dataset, rows, threshold } = answered;
    return [
      compareWithLive({
        ...{ liveVersion: live.version, slice: 'holdout', seed },
        labels: takeTarget(dataset, rows),
        candidate: { probabilities: answered.answers, threshold: threshold ?? Number.NaN },
        live: { probabilities: answers, threshold: live.threshold },
      }),
    ];
  }

  private compareScores({ answered, seed }: Judged, { live, answers }: LiveAnswers) {
    const { dataset } = answered;
    const { task } = dataset;
    if (!hasLoss(task)) return [];
    const candidate = { ...answered, dataset: { ...dataset, task } };
    return [compareLosses(candidate, answers, { liveVersion: live.version, seed })];
  }

  /**
   * The live version's answers to the holdout; null when it takes other inputs or answers other classes. It may have learned from some of
   * these rows, in another training: that favours the live version, never the candidate.
   */
  private async scoreLive({ run, set, live }: Judged, { signal }: RunWatch): Promise<LiveAnswers | null> {
    if (!live || !takesSameRows(live, set.dataset)) return null;
    const file = await this.registry.readArtifact(live.artifactDigest, run.request.requestedBy);
    const { dataset, holdoutRows: rows } = set;
    return { live, answers: await this.pool.run({ kind: 'score', file, dataset, rows }, { signal }) };
  }
}

interface LiveAnswers {
  readonly live: ModelVersion;
  readonly answers: Float32Array;
}

function takesSameRows({ signature: { task, inputs, classes = [] } }: ModelVersion, dataset: Dataset): boolean {
  const ours = dataset.features.map(({ name, categories }) => `${name}${categories ? ' as text' : ''}`);
  const theirs = inputs.map(({ name, categories }) => `${name}${categories ? ' as text' : ''}`);
  const isMulticlass = dataset.task === 'multiclass-classification';
  return (
    task === dataset.task &&
    ours.join('\n') === theirs.join('\n') &&
    (!isMulticlass || classes.join('\n') === dataset.classes.join('\n'))
  );
}
