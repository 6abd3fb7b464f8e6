import type { Evaluation, ModelVersion, TrainingWarning } from '@gimbal/contracts';
import { buildReferenceProfile, DomainError, type ReferenceProfile } from '@gimbal/domain';
import {
  type Dataset,
  evaluateMulticlass,
  evaluateText,
  type ModelCard,
  splitHoldout,
  type TextEvaluation,
  type TextFit,
  takeTarget,
} from '@gimbal/learning';
import type { LearningTable } from '@gimbal/tabular';
import { Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import type { LearningResults } from '../learning-workers/learning-task.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import { type CardSource, describeCard } from './describe-card.js';
import { compareLosses, scoreTable } from './score-table.js';

/** Texts with their classes, split. */
export interface TextSet {
  /** The name of the column. */
  readonly column: string;
  readonly texts: readonly string[];
  /** The classes alone, in the form in which tables are split and judged. */
  readonly labels: Dataset & { readonly task: 'multiclass-classification' };
  readonly trainRows: Int32Array;
  readonly holdoutRows: Int32Array;
}

/** What learning from texts gave. */
export interface LearnedTexts {
  readonly fit: TextFit;
  readonly onnx: Uint8Array;
  readonly parity: LearningResults['export']['parity'];
  readonly runtime: string;
  readonly evaluation: Evaluation;
  readonly details: TextEvaluation;
  /** Everything that was measured on the holdout, for people. */
  readonly card: ModelCard;
  readonly cardPage: string;
  readonly profile: ReferenceProfile;
  readonly warnings: readonly TrainingWarning[];
}

/**
 * The texts of a table, split so that each class has its share of both parts.
 * @throws DomainError `dataset-invalid` unless there is one column of text and a target; LearningError `too-few-rows`
 */
export function planTexts(
  { texts, target, classes, rowCount }: LearningTable,
  { testSize, seed }: { readonly testSize: number; readonly seed: number },
): TextSet {
  const [text, ...others] = texts;
  if (!text || others.length > 0 || !target)
    throw new DomainError(
      'dataset-invalid',
      `A text classifier learns from one column of text; there are ${texts.length}.`,
    );
  const task = 'multiclass-classification' as const;
  const labels = { task, rowCount, features: [], columns: [], target, classes, weights: null };
  const { trainRows, testRows } = splitHoldout(labels, { testShare: testSize, seed });
  return { column: text.column.name, texts: text.values, labels, trainRows, holdoutRows: testRows };
}

const takeTexts = ({ texts }: TextSet, rows: Int32Array): string[] => Array.from(rows, (row) => texts[row] ?? '');

/** Learns what texts mean, from their n-grams to a file that takes texts as they are. */
@Injectable()
export class LearnTextsService {
  constructor(
    private readonly pool: WorkerPool,
    private readonly registry: RegistryClient,
  ) {}

  /** @throws LearningError, WorkerLostError; DomainError `parity-differs` */
  async learn(
    run: ClaimedRun,
    set: TextSet,
    { seed, live, source }: TextTerms,
    watch: RunWatch,
  ): Promise<LearnedTexts> {
    const { labels, trainRows, holdoutRows } = set;
    await watch.enter('fitting');
    const target = takeTarget(labels, trainRows);
    const fit = await this.pool.run(
      { kind: 'fit-text', texts: takeTexts(set, trainRows), target, classes: labels.classes, seed },
      { signal: watch.signal, onProgress: (done) => watch.advance(done) },
    );
    await watch.enter('exporting');
    const held = takeTexts(set, holdoutRows);
    const exported = await this.pool.run({ kind: 'export-text', model: fit.model, texts: held }, watch);
    const { holds, worstProbabilityDifference, labelDifferences } = exported.parity;
    if (!holds) {
      const found = `probabilities differ by up to ${worstProbabilityDifference}, ${labelDifferences} labels differ`;
      throw new DomainError('parity-differs', `The exported file does not answer as the trained model does: ${found}.`);
    }
    await watch.enter('evaluating');
    const { threshold } = fit.model.abstention;
    const details = evaluateText({
      target: takeTarget(labels, holdoutRows),
      probabilities: exported.answers,
      classes: labels.classes,
      threshold,
    });
    const warnings = fit.warnings.map(({ code, detail }) => ({ code, column: set.column, message: detail }));
    const { card, page } = await this.report({ fit, answers: exported.answers, source, warnings }, set, watch);
    return {
      ...{ fit, details, card, cardPage: page, warnings },
      onnx: exported.file,
      parity: exported.parity,
      runtime: exported.runtime,
      evaluation: await this.judge(run, set, { fit, answers: exported.answers, details, live, seed }, watch),
      profile: buildReferenceProfile({ columns: [] }),
    };
  }

  private report(
    { fit, answers, source, warnings }: ReportedTexts,
    { column, labels: { classes, ...labels }, holdoutRows }: TextSet,
    watch: RunWatch,
  ): Promise<LearningResults['report-text']> {
    const { task, hyperparameters, seed, trainRows, kernelVersion, abstention } = fit.model;
    const about = describeCard(source, {
      ...{ classes, strategy: 'stratified', holdoutRows: holdoutRows.length },
      warnings: [...source.version.warnings, ...warnings],
    });
    const target = takeTarget({ ...labels, classes }, holdoutRows);
    return this.pool.run(
      {
        ...{ kind: 'report-text', ...about, column, seed: source.seed },
        model: { task, classes, hyperparameters, seed, trainRows, kernelVersion },
        judged: { target, probabilities: answers, classes, threshold: abstention.threshold },
      },
      { signal: watch.signal, onProgress: (done) => watch.advance(done) },
    );
  }

  private async judge(run: ClaimedRun, set: TextSet, judged: Judged, watch: RunWatch): Promise<Evaluation> {
    const { labels, trainRows, holdoutRows } = set;
    const { fit, answers, details, live, seed } = judged;
    const answered = { dataset: labels, rows: holdoutRows, answers, threshold: null };
    const scores = scoreTable(answered, { trainRows, selected: null });
    const target = takeTarget(labels, trainRows);
    const outOfFold = evaluateMulticlass(target, fit.outOfFold.probabilities, labels.classes).metrics;
    const folds = Math.max(2, new Set(fit.outOfFold.folds).size);
    const liveAnswers = await this.scoreLive(run, set, live, watch);
    return {
      holdout: null,
      scores: {
        ...scores,
        values: { ...scores.values, coverage: details.coverage, answered_accuracy: details.answeredAccuracy },
        crossValidation: { folds, mean: outOfFold.macroF1, deviation: null },
      },
      scoresVersusLive:
        live && liveAnswers ? [compareLosses(answered, liveAnswers, { liveVersion: live.version, seed })] : [],
      crossValidation: null,
      versusLive: [],
    };
  }

  /** Null when the live version is of another kind, or tells other classes apart. */
  private async scoreLive(
    run: ClaimedRun,
    set: TextSet,
    live: ModelVersion | null,
    { signal }: RunWatch,
  ): Promise<Float32Array | null> {
    const { classes } = set.labels;
    if (live?.signature.task !== 'text-classification' || live.signature.classes?.join('\n') !== classes.join('\n'))
      return null;
    const file = await this.registry.readArtifact(live.artifactDigest, run.request.requestedBy);
    const texts = takeTexts(set, set.holdoutRows);
    return await this.pool.run({ kind: 'score-text', file, texts, classCount: classes.length }, { signal });
  }
}

/** Under which terms texts are learned from. */
interface TextTerms {
  readonly seed: number;
  readonly live: ModelVersion | null;
  readonly source: CardSource;
}

interface ReportedTexts {
  readonly fit: TextFit;
  readonly answers: Float32Array;
  readonly source: CardSource;
  readonly warnings: readonly TrainingWarning[];
}

interface Judged {
  readonly fit: TextFit;
  readonly answers: Float32Array;
  readonly details: TextEvaluation;
  readonly live: ModelVersion | null;
  readonly seed: number;
}
