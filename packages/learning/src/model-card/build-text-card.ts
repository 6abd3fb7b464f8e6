import { bootstrapMetrics } from '../evaluation/bootstrap-metrics.js';
import { evaluateText, type JudgedTexts } from '../text/evaluate-text.js';
import type { TextModel } from '../text/text-model.js';
import type { TextValidation } from '../text/validate-texts.js';
import type { TrainingHooks } from '../training-hooks.js';
import { type CardAbout, describeSpreads, traceAll } from './build-model-card.js';
import type { ModelCard } from './model-card.js';

const TITLE = 'Logistic regression on n-grams';

/** What is known of a training on texts when its card is written. */
export interface TextCardRecord extends CardAbout {
  /** Without its weights, which no card tells. */
  readonly model: Pick<TextModel, 'task' | 'classes' | 'hyperparameters' | 'seed' | 'trainRows' | 'kernelVersion'>;
  /** The column that holds the texts. */
  readonly column: string;
  /** All candidates, best first. */
  readonly ranked: readonly Pick<TextValidation, 'candidateId' | 'task' | 'summary'>[];
  /** Texts that had no part in learning or choosing, with the model's answers. */
  readonly judged: JudgedTexts;
  /** Integer; seeds the intervals. */
  readonly seed: number;
  readonly hooks?: TrainingHooks;
}

/**
 * Puts together what a person must know of a text model; as `buildModelCard`. Metrics and intervals are of the most probable class, whether
 * it was answered or not.
 *
 * @throws LearningError as `evaluateText`; `training-cancelled`
 */
export function buildTextCard(record: TextCardRecord): ModelCard {
  const { name, purpose, limits = [], data, checks = [], model, column, ranked, judged, seed, hooks = {} } = record;
  const { hyperparameters, seed: modelSeed, trainRows, kernelVersion } = model;
  const { target, probabilities: outputs, classes } = judged;
  const rows = { task: 'multiclass-classification' as const, classes, target, outputs };
  return {
    v: 1,
    name,
    purpose,
    limits: [...limits],
    task: model.task,
    algorithm: TITLE,
    data: { ...data },
    made: { hyperparameters, seed: modelSeed, trainRows, kernelVersion },
    features: [{ name: column, kind: 'text' }],
    classes: [...model.classes],
    evaluation: evaluateText(judged),
    intervals: bootstrapMetrics(rows, { seed, hooks }),
    curves: traceAll(rows),
    candidates: ranked.map((candidate) => ({
      candidateId: candidate.candidateId,
      title: TITLE,
      metrics: describeSpreads(candidate),
    })),
    calibration: null,
    importance: { gain: [], permutation: [], shap: null },
    slices: null,
    checks: [...checks],
  };
}
