import type { CalibrationChoice } from '../calibration/choose-calibration.js';
import { bootstrapMetrics } from '../evaluation/bootstrap-metrics.js';
import { traceClassCurves, traceCurves } from '../evaluation/curves.js';
import { evaluate, type JudgedRows } from '../evaluation/evaluate.js';
import type { SliceReport } from '../evaluation/evaluate-slices.js';
import type { ShapReport } from '../explanation/shap-importance.js';
import { ALGORITHM_TITLES } from '../families/algorithm.js';
import type { Model, ModelHeader } from '../families/model.js';
import { gainImportance } from '../importance/gain-importance.js';
import type { PermutationImportance } from '../importance/permutation-importance.js';
import type { TrainingHooks } from '../training-hooks.js';
import { SELECTION_METRICS } from '../validation/rank-candidates.js';
import type { TaskValidation } from '../validation/task-validation.js';
import type { CardCandidate, CardCurves, CardData, CardFinding, ModelCard } from './model-card.js';

/** What no measurement tells of a model. */
export interface CardAbout {
  readonly name: string;
  readonly purpose: string;
  readonly limits?: readonly string[];
  readonly data: CardData;
  readonly checks?: readonly CardFinding[];
}

/** A candidate of the selection, without its answers. */
export type RankedCandidate = Pick<TaskValidation, 'candidateId' | 'algorithm' | 'task' | 'summary'>;

/** What is known of a training when its card is written. */
export interface ModelCardRecord extends CardAbout {
  readonly model: Model;
  /** The holdout: rows that had no part in learning or choosing, with the model's answers. */
  readonly judged: JudgedRows;
  /** All candidates, best first. */
  readonly ranked: readonly RankedCandidate[];
  readonly calibration?: Pick<CalibrationChoice, 'calibration' | 'trials'> | null;
  readonly permutation?: readonly PermutationImportance[];
  readonly shap?: ShapReport | null;
  readonly slices?: SliceReport | null;
  /** Integer; seeds the intervals. */
  readonly seed: number;
  readonly hooks?: TrainingHooks;
}

const POINTS_MAX = 200;
/** Curves of more classes could not be told apart. */
const CURVES_MAX = 6;

/** The curves of the positive class, or of the classes that have most rows; none where nothing is to be told apart. */
export function traceAll({ task, classes, target, outputs, weights = null }: JudgedRows): CardCurves[] {
  if (task === 'regression') return [];
  const counts = new Map<number, number>();
  for (let i = 0; i < target.length; i++) counts.set(target[i]!, (counts.get(target[i]!) ?? 0) + 1);
  if (counts.size < 2) return [];
  const options = { weights, pointsMax: POINTS_MAX };
  if (task !== 'multiclass-classification') {
    return [
      { label: task === 'anomaly-detection' ? 'anomaly' : classes[1]!, points: traceCurves(target, outputs, options) },
    ];
  }
  const largest = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, CURVES_MAX);
  return largest.map(([label]) => ({
    label: classes[label]!,
    points: traceClassCurves(target, outputs, { ...options, classCount: classes.length, label }),
  }));
}

/** What a candidate is ranked by, over its folds. */
export function describeSpreads({
  task,
  summary,
}: Pick<RankedCandidate, 'task' | 'summary'>): CardCandidate['metrics'] {
  const spreads = new Map(Object.entries(summary));
  return SELECTION_METRICS[task].map((metric) => ({
    metric,
    mean: spreads.get(metric)?.mean ?? null,
    deviation: spreads.get(metric)?.deviation ?? null,
  }));
}

const describeCandidate = (candidate: RankedCandidate): CardCandidate => ({
  candidateId: candidate.candidateId,
  title: ALGORITHM_TITLES[candidate.algorithm],
  metrics: describeSpreads(candidate),
});

function describeMaking({ hyperparameters, seed, trainRows, kernelVersion }: ModelHeader): ModelCard['made'] {
  return { hyperparameters, seed, trainRows, kernelVersion };
}

/**
 * Puts together what a person must know of a model. Judges the holdout, with intervals and thinned curves; everything else is taken over.
 * The same record gives the same card.
 *
 * @throws LearningError as `evaluate`; `training-cancelled`
 */
export function buildModelCard(record: ModelCardRecord): ModelCard {
  const { name, purpose, limits = [], data, model, judged, ranked, calibration = null, seed, hooks = {} } = record;
  const { task, algorithm, features, classes } = model;
  return {
    v: 1,
    name,
    purpose,
    limits: [...limits],
    task,
    algorithm: ALGORITHM_TITLES[algorithm],
    data: { ...data },
    made: describeMaking(model),
    features: features.map(({ name: feature, kind }) => ({ name: feature, kind })),
    classes: [...classes],
    evaluation: evaluate(judged),
    intervals: bootstrapMetrics(judged, { seed, hooks }),
    curves: traceAll(judged),
    candidates: ranked.map(describeCandidate),
    calibration: calibration && { adopted: calibration.calibration, trials: [...calibration.trials] },
    importance: {
      gain: gainImportance(model),
      permutation: [...(record.permutation ?? [])],
      shap: record.shap ?? null,
    },
    slices: record.slices ?? null,
    checks: [...(record.checks ?? [])],
  };
}
