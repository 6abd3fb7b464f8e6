import type { Explanations } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { InvalidInputError } from '@gimbal/platform';
import { classesOf, decideAnswers } from '../predict/decide-answers.js';
import { findModel, findVersion } from '../predict/find-version.js';
import { CircuitOpenError } from '../predict/predict-error.js';
import type { ReadRows } from '../predict/row-reader.js';
import type { ServedModels, ServedVersion } from '../traffic/served-models.js';
import type { ExplainedRows, ExplainThread } from './explain-thread.js';
import { showExplanations } from './show-explanations.js';

/** Counts what became of rows. */
export type ExplanationCounter = (model: string, outcome: 'explained' | 'refused' | 'failed', rows: number) => void;

export interface ExplainQuestion {
  readonly modelName: string;
  /** undefined: the live version. */
  readonly version: number | undefined;
  /** Of several classes the one to explain; undefined: the most probable one. */
  readonly class: string | undefined;
  /** Contributions to show of each row; undefined: all. */
  readonly top: number | undefined;
  readonly rowCount: number;
  /**
   * The rows, read once it is known which version explains.
   * @throws InvalidInputError
   */
  readonly rowsOf: (version: ServedVersion) => ReadRows;
}

/**
 * Kernel and runtime may differ by rounding; regression values relative to their size. More means that the file holds something that
 * is not read as it is run.
 */
const ANSWER_TOLERANCE = 1e-4;

/** Explains predictions: answers the rows by the served graph, then asks how the model came to it. Writes no prediction log. */
export class ExplainService {
  constructor(
    private readonly models: ServedModels,
    private readonly thread: Pick<ExplainThread, 'explain'>,
    private readonly count: ExplanationCounter,
  ) {}

  /**
   * @throws DomainError `explanation-unavailable`, and as a prediction does: `model-not-found`, `version-not-found`, `no-live-version`,
   *   `no-model-available`, `circuit-open`, `overloaded`, `timeout`; InvalidInputError
   */
  async explain(question: ExplainQuestion): Promise<Explanations> {
    const model = findModel(this.models, question.modelName);
    try {
      const answer = await this.explainBy(findVersion(model, question.version, null), question);
      this.count(model.name, 'explained', question.rowCount);
      return answer;
    } catch (error) {
      this.count(model.name, error instanceof DomainError ? 'refused' : 'failed', question.rowCount);
      throw error;
    }
  }

  private async explainBy(version: ServedVersion, question: ExplainQuestion): Promise<Explanations> {
    const { planned, graph } = version;
    const { signature } = planned;
    if (signature.task === 'text-classification')
      throw new DomainError(
        'explanation-unavailable',
        'The words of a text are not explained; only fields of a table are.',
      );
    const named = findClass(version, question.class);
    const read = question.rowsOf(version);
    const admission = graph.breaker.admit(performance.now());
    if (!admission.admitted) throw new CircuitOpenError(admission.retryAfterSeconds);
    const answers = await graph.score(read.features, read.count, null);
    const decisions = decideAnswers(signature, { answers, rows: read.count, threshold: version.threshold });
    const classes = Array.from({ length: read.count }, (_, row) => named ?? indexOfLargest(classesOf(decisions, row)));
    const explained = await this.thread.explain({
      digest: graph.digest,
      readFile: graph.readFile,
      inputs: signature.inputs.map(({ name }) => name),
      features: read.features,
      rows: read.count,
      outputs: Int32Array.from(classes),
    });
    checkAnswers(explained, answers);
    return showExplanations({ version, read, decisions, classes, explained, top: question.top });
  }
}

function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? 0) ? index : best), 0);
}

/** @returns undefined when the caller names none */
function findClass({ planned }: ServedVersion, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const { task, classes = [] } = planned.signature;
  const index = task === 'multiclass-classification' ? classes.indexOf(name) : -1;
  if (index >= 0) return index;
  const message =
    task === 'multiclass-classification' ? 'is not a class of this model' : 'is only for models of several classes';
  throw new InvalidInputError([{ path: 'class', message }]);
}

/** @throws DomainError `explanation-unavailable` when what is explained is not what was answered */
function checkAnswers({ answers: own }: ExplainedRows, answers: Float32Array): void {
  const isSame =
    own.length === answers.length &&
    own.every((value, i) => {
      const served = answers[i] ?? Number.NaN;
      return Math.abs(value - served) <= ANSWER_TOLERANCE * Math.max(1, Math.abs(served));
    });
  if (!isSame)
    throw new DomainError(
      'explanation-unavailable',
      'The file answers otherwise than its parts say; it was changed after its export.',
    );
}
