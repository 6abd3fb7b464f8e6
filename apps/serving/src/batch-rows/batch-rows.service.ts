import { BATCH_CLASSES_MAX, type PredictBatchRows, type PredictedBatchRows } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { PRIORITY_LAST, type Urgency } from '../inference/batcher.js';
import { classesOf } from '../predict/decide-answers.js';
import { findModel, findVersion } from '../predict/find-version.js';
import type { Inferred, PredictService } from '../predict/predict.service.js';
import { followPredictionId } from '../predict/prediction-id.js';
import type { ServedModels } from '../traffic/served-models.js';
import { type GoodRows, readGoodRows } from './read-good-rows.js';

/** Behind everybody who waits for an answer. */
const LAST: Urgency = { priority: PRIORITY_LAST, deadlineMs: Number.POSITIVE_INFINITY };

type Answer = { -readonly [K in keyof PredictedBatchRows]: PredictedBatchRows[K] };

/** Predicts some rows of a batch prediction, row by row as far as each one can be. */
export class BatchRowsService {
  constructor(
    private readonly models: ServedModels,
    private readonly service: Pick<PredictService, 'infer'>,
  ) {}

  /**
   * Resolves when the rows that were answered are in the prediction log. Asked again, it gives the same answers and the log has them once.
   * @throws DomainError `revision-conflict` at another threshold; as a prediction does, but not for a row that breaks the signature
   */
  async predict(asked: PredictBatchRows): Promise<PredictedBatchRows> {
    const { modelName, version, threshold, rows } = asked;
    const found = findVersion(findModel(this.models, modelName), version, null);
    if (found.threshold !== Math.fround(threshold))
      throw new DomainError(
        'revision-conflict',
        `The threshold of ${modelName} version ${version} is not ${threshold}.`,
      );
    const { good, refused } = readGoodRows(found.reader, rows);
    const answer: Answer = {
      predictionIds: rows.map(() => null),
      predictions: rows.map(() => null),
      probabilities: rows.map(() => null),
      classProbabilities: rows.map(() => null),
      refused: [...refused],
    };
    await Promise.all(good.map(async (run) => show(answer, run.from, await this.infer(asked, run))));
    return answer;
  }

  private infer({ batchPredictionId, modelName, version, firstRow }: PredictBatchRows, { from, read }: GoodRows) {
    return this.service.infer(() => ({ modelName, version, rowsOf: () => read, urgency: LAST }), {
      trafficKey: null,
      requestId: batchPredictionId,
      idSeed: seedOf(batchPredictionId, firstRow + from),
    });
  }
}

/** The id of a batch prediction is a seed; its rows are told apart where those of one request are, in the last 32 bits. */
function seedOf(batchPredictionId: string, row: number): Uint8Array {
  return Buffer.from(followPredictionId(batchPredictionId, row).replaceAll('-', ''), 'hex');
}

function show(answer: Answer, from: number, { version, logged, decisions }: Inferred): void {
  const { classes } = version.planned.signature;
  const hasColumns = classes !== undefined && classes.length <= BATCH_CLASSES_MAX;
  for (let row = 0; row < logged.count; row++) {
    const place = from + row;
    const prediction = decisions.predictions[row] ?? Number.NaN;
    const probability = decisions.probabilities[row] ?? Number.NaN;
    answer.predictionIds[place] = followPredictionId(logged.firstId, row);
    answer.predictions[place] = classes ? (classes[prediction] ?? null) : prediction;
    answer.probabilities[place] = Number.isNaN(probability) ? null : probability;
    if (hasColumns) answer.classProbabilities[place] = Array.from(classesOf(decisions, row));
  }
}
