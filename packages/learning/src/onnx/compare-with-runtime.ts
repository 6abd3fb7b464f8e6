import type { Task } from '../dataset/dataset.js';
import { decideClasses } from '../families/predict.js';
import { decideLabels } from '../families/predict-probability.js';
import { LearningError } from '../learning-error.js';

/** Largest difference allowed between kernel and runtime: of a probability or score, or of a value in target deviations. */
export const PARITY_TOLERANCE = 1e-6;

/** Proof that an exported file answers as the kernel does. */
export interface ParityCertificate {
  readonly rows: number;
  /**
   * Largest |kernel - runtime| over rows and classes; Infinity when the runtime answered NaN. In regression in units of the target's
   * standard deviation (of an eighth of the value where that is more: float32 holds no more digits of it).
   */
  readonly worstProbabilityDifference: number;
  /** Rows whose labels differ; 0 in regression. */
  readonly labelDifferences: number;
  readonly tolerance: number;
  /** True when the worst difference is within tolerance and no label differs. */
  readonly holds: boolean;
}

interface Answers {
  /** From `predict`: row-major, rows x outputs. */
  readonly kernelProbabilities: ArrayLike<number>;
  /** The output that {@link ANSWER_OUTPUT} names for the task, of the same shape. */
  readonly runtimeProbabilities: ArrayLike<number>;
  /** Default {@link PARITY_TOLERANCE}. */
  readonly tolerance?: number;
}

interface Labels {
  /** The output `label`, as numbers or int64. */
  readonly runtimeLabels: ArrayLike<number | bigint>;
}

/** Answers of the kernel and of a runtime to the same rows, in the same order. */
export type ParityRequest = Answers &
  (
    | (Labels & {
        /** Default `binary-classification`. */
        readonly task?: Extract<Task, 'binary-classification' | 'anomaly-detection'>;
        /** The threshold the file was exported with. */
        readonly threshold: number;
      })
    | (Labels & { readonly task: 'multiclass-classification'; readonly classCount: number })
    | {
        readonly task: 'regression';
        /** Standard deviation of the training rows' target; > 0. */
        readonly targetDeviation: number;
      }
  );

/** What differs by one is one unit of the answer; a value has the unit that its target's spread gives it. */
function unitOf(request: ParityRequest, answer: number): number {
  return request.task === 'regression' ? Math.max(request.targetDeviation, Math.abs(answer) / 8) : 1;
}

function decideByKernel(request: Exclude<ParityRequest, { task: 'regression' }>): ArrayLike<number> {
  return request.task === 'multiclass-classification'
    ? decideClasses(request.kernelProbabilities, request.classCount)
    : decideLabels(request.kernelProbabilities, request.threshold);
}

function countLabelDifferences(request: ParityRequest): number {
  if (request.task === 'regression') return 0;
  const labels = decideByKernel(request);
  const { runtimeLabels } = request;
  let differences = 0;
  for (let i = 0; i < labels.length; i++) if (Number(runtimeLabels[i]!) !== labels[i]) differences++;
  return differences;
}

/**
 * Compares the answers of a runtime with those of the kernel. Running the file is the caller's part.
 *
 * @throws LearningError `invalid-argument` for no rows, unequal lengths or a target deviation that is not > 0
 */
export function compareWithRuntime(request: ParityRequest): ParityCertificate {
  const { kernelProbabilities, runtimeProbabilities, tolerance = PARITY_TOLERANCE } = request;
  const count = kernelProbabilities.length;
  const rows = request.task === 'multiclass-classification' ? count / request.classCount : count;
  const labelCount = request.task === 'regression' ? rows : request.runtimeLabels.length;
  if (!(rows > 0) || runtimeProbabilities.length !== count || labelCount !== rows) {
    const counts = `${count}, ${runtimeProbabilities.length} and ${labelCount}`;
    throw new LearningError('invalid-argument', `Parity needs equally many answers, at least one; got ${counts}.`);
  }
  if (request.task === 'regression' && !(request.targetDeviation > 0)) {
    throw new LearningError('invalid-argument', `targetDeviation must be > 0, got ${request.targetDeviation}.`);
  }
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const answer = kernelProbabilities[i]!;
    const difference = Math.abs(answer - runtimeProbabilities[i]!) / unitOf(request, answer);
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  const labelDifferences = countLabelDifferences(request);
  return {
    rows,
    worstProbabilityDifference: worst,
    labelDifferences,
    tolerance,
    holds: worst <= tolerance && labelDifferences === 0,
  };
}
