import type { Search, ServedVersion, TrainingWarning } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { TextFit } from '@gimbal/learning';
import type { LearningTable } from '@gimbal/tabular';
import { Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import type { LearningResults, LearningTask } from '../learning-workers/learning-task.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import { type Competitor, showLeaderboard } from '../pipeline/select-candidate.js';
import { type SearchResult, SearchService } from '../search/search.service.js';
import { TextTrials } from '../search/trial-ground.js';
import { type CardSource, describeCard } from './describe-card.js';
import { placeOf } from './record-table.service.js';
import type { LiveAnswers } from './score-table.js';
import { selectTexts, type TextLeaderboard } from './select-texts.js';
import { chooseLabelled, type TextSet } from './text-set.js';

/** What learning from texts gave, with everything that was measured on the holdout. */
export interface LearnedTexts extends Report {
  readonly fit: TextFit;
  /** Best first; the first one was selected. */
  readonly ranked: TextLeaderboard['ranked'];
  readonly searched: SearchResult;
  readonly onnx: Uint8Array;
  readonly parity: LearningResults['export']['parity'];
  readonly runtime: string;
  readonly warnings: readonly TrainingWarning[];
}

type Report = LearningResults['report-text'];

/** Learns what texts mean, from their n-grams to a file that takes texts as they are. */
@Injectable()
export class LearnTextsService {
  constructor(
    private readonly pool: WorkerPool,
    private readonly searches: SearchService,
    private readonly registry: RegistryClient,
  ) {}

  /**
   * The texts of a table, split so that each class has its share of both parts.
   * @throws DomainError `dataset-invalid` unless there is one column of text and a target; LearningError `too-few-rows`
   */
  async split(
    { texts, target, classes, rowCount, weights }: LearningTable,
    { testSize: testShare, seed }: { readonly testSize: number; readonly seed: number },
    { signal }: RunWatch,
  ): Promise<TextSet> {
    const [text, ...others] = texts;
    if (!text || others.length > 0 || !target)
      throw new DomainError(
        'dataset-invalid',
        `A text classifier learns from one column of text; there are ${texts.length}.`,
      );
    const task = 'multiclass-classification' as const;
    const labels = { task, rowCount, features: [], columns: [], target, classes, weights };
    const split = { kind: 'split', dataset: labels, testShare, seed } as const;
    const { trainRows, testRows: holdoutRows } = await this.pool.run(split, { signal });
    return { column: text.column.name, texts: text.values, labels, trainRows, holdoutRows };
  }

  /** @throws LearningError, WorkerLostError; DomainError `parity-differs` */
  async learn(
    run: ClaimedRun,
    set: TextSet,
    { competitors, search, seed, live, source }: TextTerms,
    watch: RunWatch,
  ): Promise<LearnedTexts> {
    const { labels, holdoutRows } = set;
    await watch.enter('cross-validating');
    const known = chooseLabelled(set);
    const request = { search, competitors, ground: new TextTrials(this.pool, known, seed), record: placeOf(source) };
    const searched = await this.searches.search(run, request, watch);
    await watch.enter('fitting');
    const candidates = [...competitors, ...searched.tuned];
    const leaderboard = await selectTexts(this.pool, { ...known, seed }, candidates, watch);
    await watch.note({ candidates: showLeaderboard(leaderboard, null) });
    const { fit, ranked } = leaderboard;
    await watch.enter('exporting');
    const held = { texts: set.texts, rows: holdoutRows };
    const exported = await this.pool.run({ kind: 'export-text', model: fit.model, ...held }, watch);
    const { holds, worstProbabilityDifference, labelDifferences } = exported.parity;
    if (!holds) {
      const found = `probabilities differ by up to ${worstProbabilityDifference}, ${labelDifferences} labels differ`;
      throw new DomainError('parity-differs', `The exported file does not answer as the trained model does: ${found}.`);
    }
    await watch.enter('evaluating');
    const found = fit.warnings.map(({ code, detail }) => ({ code, column: set.column, message: detail }));
    const warnings = [...searched.warnings, ...found];
    const about = describeCard(source, {
      ...{ classes: labels.classes, strategy: 'stratified', holdoutRows: holdoutRows.length },
      warnings: [...source.version.warnings, ...warnings],
    });
    const report = await this.report(
      set,
      fit,
      { ranked, answers: exported.answers, live: await this.scoreLive(run, set, live, watch), about, seed },
      watch,
    );
    return {
      ...{ fit, ranked, searched, warnings, ...report },
      onnx: exported.file,
      parity: exported.parity,
      runtime: exported.runtime,
    };
  }

  private report(
    { column, labels, trainRows, holdoutRows }: TextSet,
    { model: { task, classes, hyperparameters, abstention, ...model }, outOfFold }: TextFit,
    judged: Pick<Extract<LearningTask, { kind: 'report-text' }>, 'ranked' | 'answers' | 'live' | 'about' | 'seed'>,
    watch: RunWatch,
  ): Promise<Report> {
    const { seed, trainRows: learned, kernelVersion } = model;
    return this.pool.run(
      {
        ...{ kind: 'report-text', column, labels, trainRows, holdoutRows, outOfFold, ...judged },
        model: { task, classes, hyperparameters, abstention, seed, trainRows: learned, kernelVersion },
      },
      { signal: watch.signal, onProgress: (done) => watch.advance(done) },
    );
  }

  /** Null when the live version is of another kind, or tells other classes apart. */
  private async scoreLive(
    run: ClaimedRun,
    set: TextSet,
    live: ServedVersion | null,
    { signal }: RunWatch,
  ): Promise<LiveAnswers | null> {
    const { classes } = set.labels;
    if (live?.signature.task !== 'text-classification' || live.signature.classes?.join('\n') !== classes.join('\n'))
      return null;
    const file = await this.registry.readArtifact(live.artifactDigest, run.request.requestedBy);
    const held = { texts: set.texts, rows: set.holdoutRows };
    const task = { kind: 'score-text', file, ...held, classCount: classes.length } as const;
    return { version: live.version, threshold: live.threshold, answers: await this.pool.run(task, { signal }) };
  }
}

/** Under which terms texts are learned from. */
interface TextTerms {
  readonly competitors: readonly Competitor[];
  /** Null: nothing is searched for. */
  readonly search: Search | null;
  readonly seed: number;
  readonly live: ServedVersion | null;
  readonly source: CardSource;
}
