import type { AlgorithmName, Search, ServedVersion, TrainingWarning } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { Dataset, Model, ParityCertificate, ValidationFigures } from '@gimbal/learning';
import { Injectable } from '@nestjs/common';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { countHelpers } from '../learning-workers/count-helpers.js';
import type { LearningResults } from '../learning-workers/learning-task.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { FoldResults } from '../pipeline/fold-results.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import {
  type Competitor,
  type Leaderboard,
  resultsOf,
  selectCandidate,
  showLeaderboard,
} from '../pipeline/select-candidate.js';
import { type SearchResult, SearchService } from '../search/search.service.js';
import { TableTrials } from '../search/trial-ground.js';
import { type CardSource, describeCard } from './describe-card.js';
import { EvaluateTableService } from './evaluate-table.service.js';
import type { TableSet } from './plan-table.js';
import { placeOf } from './record-table.service.js';

/** What competes, and under which terms. */
export interface TableTerms {
  readonly competitors: readonly Competitor[];
  readonly folds: number;
  readonly seed: number;
  /** Null: nothing is searched for. */
  readonly search: Search | null;
  readonly live: ServedVersion | null;
  readonly source: CardSource;
}

/** What learning from a table gave, with everything that was measured on the holdout. */
export interface LearnedTable extends Report {
  readonly ranked: readonly ValidationFigures[];
  readonly searched: SearchResult;
  readonly selected: ValidationFigures;
  readonly algorithm: AlgorithmName;
  /** In force from the first answer on: of the positive class, of an anomaly; 0 where nothing is decided by one. */
  readonly threshold: number;
  readonly model: Model;
  readonly onnx: Uint8Array;
  readonly parity: ParityCertificate;
  readonly runtime: string;
  readonly warnings: readonly TrainingWarning[];
}

type Report = LearningResults['report'];

/** Selects, calibrates, fits, exports and judges: from a table to a model that has proved itself. */
@Injectable()
export class LearnTableService {
  constructor(
    private readonly pool: WorkerPool,
    private readonly searches: SearchService,
    private readonly evaluation: EvaluateTableService,
  ) {}

  /** @throws LearningError, WorkerLostError; DomainError `parity-differs` when the exported file answers otherwise than the model */
  async learn(run: ClaimedRun, set: TableSet, terms: TableTerms, watch: RunWatch): Promise<LearnedTable> {
    await watch.enter('cross-validating');
    const { folds, seed } = terms;
    const { dataset, trainRows, strategy } = set;
    const ground = { dataset, trainRows, strategy, folds, seed };
    const request = { ...terms, ground: new TableTrials(this.pool, ground), record: placeOf(terms.source) };
    const searched = await this.searches.search(run, request, watch);
    const competitors = [...terms.competitors, ...searched.tuned];
    const leaderboard = await selectCandidate(this.pool, { ground, candidates: competitors }, searched.watch);
    await watch.note({ candidates: showLeaderboard(leaderboard, null) });
    const { selected, calibration, outOfFold } = await this.calibrate(set.dataset, leaderboard, watch);
    const threshold = thresholdOf(selected);

    await watch.enter('fitting');
    const { algorithm, hyperparameters } = selected;
    const work = { dataset, rows: trainRows, algorithm, hyperparameters, seed };
    const helpers = countHelpers(work, this.pool.idleThreads);
    const fitted = await this.pool.run(
      { kind: 'fit', ...work, helpers },
      { signal: watch.signal, onProgress: (done) => watch.advance(done) },
    );
    const model: Model = { ...fitted, calibration: calibration?.calibration ?? null };

    await watch.enter('exporting');
    const exported = await this.exportModel(model, set, threshold, watch);
    await watch.enter('evaluating');
    const warnings = [...searched.warnings, ...warningsOf(model)];
    const report = await this.report(
      run,
      { model, exported, selected, outOfFold, warnings },
      { set, leaderboard, calibration, terms },
      watch,
    );
    await watch.note({ candidates: showLeaderboard(leaderboard, report.evaluation.holdout) });
    return {
      ...{ ranked: leaderboard.ranked, searched, selected, model, warnings, ...report },
      algorithm: competitorOf(competitors, selected.candidateId).algorithm,
      threshold: threshold ?? 0,
      onnx: exported.file,
      parity: exported.parity,
      runtime: exported.runtime,
    };
  }

  /** The best candidate, calibrated where that helps on rows it had no part in; its validation is told as calibrated then. */
  private async calibrate(dataset: Dataset, leaderboard: Leaderboard, { signal }: RunWatch): Promise<Calibrated> {
    const [best] = leaderboard.ranked;
    if (!best) throw new DomainError('validation-failed', 'There is no family to train.');
    const own = resultsOf(leaderboard, best);
    if (best.task === 'regression' || best.task === 'anomaly-detection')
      return { selected: best, calibration: null, outOfFold: own };
    const { results, ...chosen } = await this.pool.run({ kind: 'calibrate', dataset, ...own }, { signal });
    return { ...chosen, outOfFold: { ...own, results } };
  }

  private async exportModel(
    model: Model,
    { dataset, holdoutRows }: TableSet,
    threshold: number | null,
    { signal }: RunWatch,
  ): Promise<LearningResults['export']> {
    const proof = await this.pool.run({ kind: 'export', model, threshold, dataset, rows: holdoutRows }, { signal });
    const { holds, worstProbabilityDifference, labelDifferences, rows } = proof.parity;
    if (holds) return proof;
    const found = `answers differ by up to ${worstProbabilityDifference}, ${labelDifferences} of ${rows} labels differ`;
    throw new DomainError('parity-differs', `The exported file does not answer as the trained model does: ${found}.`);
  }

  private report(
    run: ClaimedRun,
    { model, exported, selected, outOfFold, warnings }: Finished,
    { set, leaderboard, calibration, terms: { source, seed, live } }: ReportGround,
    watch: RunWatch,
  ): Promise<Report> {
    const { dataset, trainRows, holdoutRows: rows, strategy } = set;
    const about = describeCard(source, {
      ...{ classes: dataset.classes, strategy: strategy.kind, holdoutRows: rows.length },
      warnings: [...source.version.warnings, ...warnings],
    });
    const { definition } = source.version;
    const { answers } = exported;
    const threshold = thresholdOf(selected);
    return this.evaluation.evaluate(
      run,
      {
        ...{ model, dataset, trainRows, rows, answers, threshold },
        ...{ selected, outOfFold, definition, about, ranked: leaderboard.ranked, calibration, seed },
      },
      live,
      watch,
    );
  }
}

/** A model that has been exported. */
interface Finished {
  readonly model: Model;
  readonly exported: LearningResults['export'];
  readonly selected: ValidationFigures;
  readonly outOfFold: FoldResults;
  readonly warnings: readonly TrainingWarning[];
}

interface ReportGround {
  readonly set: TableSet;
  readonly leaderboard: Leaderboard;
  readonly calibration: Calibrated['calibration'];
  readonly terms: TableTerms;
}

/** `calibration`: what was tried; null where a task has nothing to calibrate. */
type Calibrated = Pick<LearningResults['calibrate'], 'selected'> & {
  /** What the folds of the selected candidate answered. */
  readonly outOfFold: FoldResults;
  readonly calibration: LearningResults['calibrate']['calibration'] | null;
};

function thresholdOf(selected: ValidationFigures): number | null {
  return selected.task === 'binary-classification' || selected.task === 'anomaly-detection' ? selected.threshold : null;
}

function competitorOf(competitors: readonly Competitor[], id: string): Competitor {
  const found = competitors.find((one) => one.id === id);
  if (!found) throw new TypeError(`Candidate ${id} did not compete.`);
  return found;
}

function warningsOf(model: Model): TrainingWarning[] {
  const warnings: TrainingWarning[] = [];
  if (model.kind === 'linear' && !model.fit.converged)
    warnings.push({
      code: 'not-converged',
      column: null,
      message: `The optimiser stopped after ${model.fit.iterations} iterations before its tolerance was met; raise max_iter.`,
    });
  return warnings;
}
