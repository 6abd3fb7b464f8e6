import type { AlgorithmName, Evaluation, ModelVersion, Search, TrainingWarning } from '@gimbal/contracts';
import { DomainError, type ReferenceProfile } from '@gimbal/domain';
import {
  assembleTaskValidation,
  type CalibrationChoice,
  chooseCalibration,
  type Dataset,
  type Model,
  type ModelCard,
  type ParityCertificate,
  type TaskValidation,
} from '@gimbal/learning';
import { Injectable } from '@nestjs/common';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { countHelpers } from '../learning-workers/count-helpers.js';
import type { LearningResults } from '../learning-workers/learning-task.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import { type Competitor, type Leaderboard, selectCandidate, showLeaderboard } from '../pipeline/select-candidate.js';
import { type SearchResult, SearchService } from '../search/search.service.js';
import { type CardSource, describeCard } from './describe-card.js';
import { profileTable } from './describe-table.js';
import { EvaluateTableService } from './evaluate-table.service.js';
import type { TableSet } from './plan-table.js';
import type { AnsweredTable } from './score-table.js';

/** What competes, and under which terms. */
export interface TableTerms {
  readonly competitors: readonly Competitor[];
  readonly folds: number;
  readonly seed: number;
  /** Null: nothing is searched for. */
  readonly search: Search | null;
  readonly live: ModelVersion | null;
  readonly source: CardSource;
}

/** What learning from a table gave. */
export interface LearnedTable {
  readonly ranked: readonly TaskValidation[];
  readonly searched: SearchResult;
  readonly selected: TaskValidation;
  readonly algorithm: AlgorithmName;
  /** In force from the first answer on: of the positive class, of an anomaly; 0 where nothing is decided by one. */
  readonly threshold: number;
  readonly model: Model;
  readonly onnx: Uint8Array;
  readonly parity: ParityCertificate;
  readonly runtime: string;
  readonly evaluation: Evaluation;
  /** Everything that was measured on the holdout, for people. */
  readonly card: ModelCard;
  readonly cardPage: string;
  readonly profile: ReferenceProfile;
  readonly warnings: readonly TrainingWarning[];
}

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
    const searched = await this.searches.search(run, { ...terms, ground: { ...set, folds, seed } }, watch);
    const competitors = [...terms.competitors, ...searched.tuned];
    const competition = { ...set, candidates: competitors, folds, seed };
    const leaderboard = await selectCandidate(this.pool, competition, searched.watch);
    await watch.note({ candidates: showLeaderboard(leaderboard, null) });
    const { selected, calibration } = calibrate(set.dataset, leaderboard);
    const threshold = thresholdOf(selected);

    await watch.enter('fitting');
    const { algorithm, hyperparameters } = selected;
    const work = { dataset: set.dataset, rows: set.trainRows, algorithm, hyperparameters, seed };
    const helpers = countHelpers(work, this.pool.idleThreads);
    const fitted = await this.pool.run(
      { kind: 'fit', ...work, helpers },
      { signal: watch.signal, onProgress: (done) => watch.advance(done) },
    );
    const model: Model = { ...fitted, calibration: calibration?.calibration ?? null };

    await watch.enter('exporting');
    const exported = await this.exportModel(model, set, threshold, watch);
    await watch.enter('evaluating');
    const { answers } = exported;
    const answered = { dataset: set.dataset, rows: set.holdoutRows, answers, threshold };
    const evaluation = await this.evaluation.evaluate({ run, set, answered, selected, live: terms.live, seed }, watch);
    await watch.note({ candidates: showLeaderboard(leaderboard, evaluation.holdout) });
    const warnings = [...searched.warnings, ...warningsOf(model)];
    const { card, page } = await this.report(
      { model, answered, warnings },
      set,
      { leaderboard, calibration, terms },
      watch,
    );
    return {
      ...{ ranked: leaderboard.ranked, searched, selected, model, evaluation, card, cardPage: page },
      algorithm: competitorOf(competitors, selected.candidateId).algorithm,
      threshold: threshold ?? 0,
      onnx: exported.file,
      parity: exported.parity,
      runtime: exported.runtime,
      profile: profileTable(set, terms.source.version, { selected, holdoutAnswers: answers }),
      warnings,
    };
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
    { model, answered, warnings }: Reported,
    { strategy }: TableSet,
    { leaderboard, calibration, terms: { source, seed } }: ReportGround,
    watch: RunWatch,
  ): Promise<LearningResults['report']> {
    const { dataset, rows, answers, threshold } = answered;
    const about = describeCard(source, {
      ...{ classes: dataset.classes, strategy: strategy.kind, holdoutRows: rows.length },
      warnings: [...source.version.warnings, ...warnings],
    });
    // The answers out of fold are no part of a card, and need not be copied to the worker.
    const ranked = leaderboard.ranked.map(({ candidateId, algorithm, task, summary }) => ({
      candidateId,
      algorithm,
      task,
      summary,
    }));
    const evidence = calibration && { calibration: calibration.calibration, trials: calibration.trials };
    return this.pool.run(
      { kind: 'report', model, dataset, rows, answers, threshold, about, ranked, calibration: evidence, seed },
      { signal: watch.signal, onProgress: (done) => watch.advance(done) },
    );
  }
}

interface Reported {
  readonly model: Model;
  readonly answered: AnsweredTable & { readonly answers: Float32Array };
  readonly warnings: readonly TrainingWarning[];
}

interface ReportGround {
  readonly leaderboard: Leaderboard;
  readonly calibration: CalibrationChoice | null;
  readonly terms: TableTerms;
}

interface Calibrated {
  readonly selected: TaskValidation;
  readonly calibration: CalibrationChoice | null;
}

/** The best candidate, calibrated where that helps on rows it had no part in; its validation is told as calibrated then. */
function calibrate(dataset: Dataset, { ranked: [best], folds, results }: Leaderboard): Calibrated {
  if (!best) throw new DomainError('validation-failed', 'There is no family to train.');
  if (best.task === 'regression' || best.task === 'anomaly-detection') return { selected: best, calibration: null };
  const { candidateId: id, algorithm, hyperparameters } = best;
  const candidate = { id, algorithm, hyperparameters };
  const calibration = chooseCalibration(dataset, folds, candidate, results);
  if (calibration.calibration === null) return { selected: best, calibration };
  const selected = assembleTaskValidation(dataset, folds, candidate, calibration.results);
  if (selected.task !== 'binary-classification' || calibration.threshold === null) return { selected, calibration };
  return { selected: { ...selected, threshold: calibration.threshold }, calibration };
}

function thresholdOf(selected: TaskValidation): number | null {
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
