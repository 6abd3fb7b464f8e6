import type { ServedVersion } from '@gimbal/contracts';
import { DomainError, type ReferenceProfile } from '@gimbal/domain';
import type { ParityCertificate } from '@gimbal/learning';
import { Inject, Injectable } from '@nestjs/common';
import type { ClaimedRun } from '../execution/claimed-run.js';
import type { LearningResults } from '../learning-workers/learning-task.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { ModelConfig } from '../model-config/load-model-config.js';
import { MODEL_CONFIG } from '../model-config/model-config.module.js';
import { type SearchResult, SearchService } from '../search/search.service.js';
import { TableTrials } from '../search/trial-ground.js';
import { EvaluateCandidateService } from './evaluate-candidate.service.js';
import type { CandidateAnswers } from './judge-candidate.js';
import type { BinaryEvaluation, BinaryFigures } from './measure-rows.js';
import type { PreparedData } from './prepare-data.service.js';
import type { RunWatch } from './run-watch.js';
import { type Competitor, resultsOf, selectCandidate, showLeaderboard } from './select-candidate.js';
import type { TrainingSet } from './training-set.js';

/** What learning gave. */
export interface LearnedModel {
  readonly set: TrainingSet;
  readonly ranked: readonly BinaryFigures[];
  readonly searched: SearchResult;
  readonly selected: BinaryFigures;
  readonly onnx: Uint8Array;
  readonly parity: ParityCertificate;
  /** What ran the file for the parity. */
  readonly runtime: string;
  readonly evaluation: BinaryEvaluation;
  readonly profile: ReferenceProfile;
  readonly seed: number;
  readonly testSize: number;
}

interface Ground {
  readonly prepared: PreparedData;
  readonly live: ServedVersion | null;
  readonly seed: number;
}

/** Selects, fits, exports and judges: from prepared data to a model that has proved itself. */
@Injectable()
export class LearnService {
  constructor(
    private readonly pool: WorkerPool,
    private readonly searches: SearchService,
    private readonly evaluation: EvaluateCandidateService,
    @Inject(MODEL_CONFIG) private readonly defaults: ModelConfig,
  ) {}

  /** @throws LearningError, WorkerLostError; DomainError `parity-differs` when the exported file answers otherwise than the model */
  async learn(run: ClaimedRun, { prepared, live, seed }: Ground, watch: RunWatch): Promise<LearnedModel> {
    const { data, choice } = prepared;
    const testSize = run.request.testSize ?? this.defaults.testSize;
    const set = await this.pool.run({ kind: 'build-set', data, choice, testSize, seed }, { signal: watch.signal });
    const labelled = choice ? choice.counts.training + choice.counts.recent : 0;
    const rows = { training: set.trainRows.length, holdout: set.holdoutRows.length, labelled };
    await watch.note({ datasetDigest: set.digest, rows });

    await watch.enter('cross-validating');
    const ground = { dataset: set.dataset, trainRows: set.trainRows, folds: this.defaults.folds, seed };
    const search = run.request.search ?? this.defaults.search;
    const record = { experiment: this.defaults.experiment, dataOrigin: data.origin, datasetDigest: set.digest };
    const trials = new TableTrials(this.pool, ground);
    const request = { search, competitors: this.competitors(run), ground: trials, record };
    const searched = await this.searches.search(run, request, watch);
    const candidates = [...this.competitors(run), ...searched.tuned];
    if (searched.warnings.length > 0) await watch.note({ warnings: [...searched.warnings] });
    const leaderboard = await selectCandidate(this.pool, { ground, candidates }, searched.watch);
    const ranked = leaderboard.ranked.filter((one) => one.task === 'binary-classification');
    const selected = bestOf(ranked);
    await watch.note({ candidates: showLeaderboard(leaderboard, null) });

    const exported = await this.fit(set, selected, seed, watch);
    await watch.enter('evaluating');
    const answers: CandidateAnswers = {
      selected,
      outOfFold: resultsOf(leaderboard, selected),
      holdout: exported.answers.subarray(0, set.holdoutRows.length),
      recent: exported.answers.subarray(set.holdoutRows.length),
    };
    const { evaluation, profile } = await this.evaluation.evaluate(
      { set, parts: data.parts, answers, seed },
      { live, actor: run.request.requestedBy },
      watch,
    );
    await watch.note({ candidates: showLeaderboard(leaderboard, evaluation.holdout) });
    const { file: onnx, parity, runtime } = exported;
    return { set, ranked, searched, selected, onnx, parity, runtime, evaluation, profile, seed, testSize };
  }

  /** The families that were asked for; one that the configuration lacks competes with the kernel's defaults. */
  private competitors({ request }: ClaimedRun): Competitor[] {
    const { algorithms } = this.defaults;
    const names = request.algorithms ?? [...algorithms.keys()];
    return names.map((name) => ({ id: name, algorithm: name, hyperparameters: algorithms.get(name) ?? {} }));
  }

  /** Fits the selected candidate on the whole training part and proves that its file answers as it does, on rows it has not seen. */
  private async fit(
    { dataset, trainRows, holdoutRows, recentRows }: TrainingSet,
    { algorithm, hyperparameters, threshold }: BinaryFigures,
    seed: number,
    watch: RunWatch,
  ): Promise<LearningResults['export']> {
    await watch.enter('fitting');
    const options = { signal: watch.signal, onProgress: (done: number) => watch.advance(done) };
    const model = await this.pool.run(
      { kind: 'fit', dataset, rows: trainRows, algorithm, hyperparameters, seed },
      options,
    );
    await watch.enter('exporting');
    const rows = Int32Array.from([...holdoutRows, ...recentRows]);
    const exported = await this.pool.run({ kind: 'export', model, threshold, dataset, rows }, { signal: watch.signal });
    const { holds, worstProbabilityDifference, labelDifferences } = exported.parity;
    if (!holds) {
      const found = `probabilities differ by up to ${worstProbabilityDifference}, ${labelDifferences} of ${rows.length} labels differ`;
      throw new DomainError('parity-differs', `The exported file does not answer as the trained model does: ${found}.`);
    }
    return exported;
  }
}

function bestOf([best]: readonly BinaryFigures[]): BinaryFigures {
  if (!best) throw new DomainError('validation-failed', 'There is no family to train.');
  return best;
}
