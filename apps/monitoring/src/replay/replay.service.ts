import { FEATURE_TEXT_MAX, Features, type Replayed, type ReplayPrediction } from '@gimbal/contracts';
import type { Prediction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ServingClient } from '../clients/serving.client.js';
import { PredictionRepository } from '../prediction-log/prediction.repository.js';
import { type CheckedReceipt, checkReceipt, type ReplayedFacts } from './check-receipt.js';
import { ReplayedVersionRepository } from './replayed-version.repository.js';

type Answer = z.output<typeof Replayed>;
type Outcome = Answer['logged'];

/** Computes a logged prediction again and compares. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly predictions: PredictionRepository,
    private readonly versions: ReplayedVersionRepository,
    private readonly serving: ServingClient,
  ) {}

  /**
   * @throws DomainError `prediction-not-found` · `replay-unavailable` · `artifact-not-found` when the model file is gone ·
   *   `service-unavailable` and `timeout` of serving
   */
  async replay(id: string, { receipt }: z.output<typeof ReplayPrediction>): Promise<Answer> {
    const row = await this.predictions.find(id);
    if (!row) throw new DomainError('prediction-not-found', 'No prediction with this id has reached the log.');
    const features = readFeatures(row);
    const { modelName, modelVersion, threshold } = row;
    const version = await this.versions.read(row.modelId);
    const {
      outcome: replayed,
      inputSha256,
      runtime,
    } = await this.serving.runAgain({
      ...{ modelName, version, threshold, features },
    });
    const logged = outcomeOf(row);
    const facts = { modelName, modelVersion, modelSha256: version.artifactDigest, inputSha256, threshold };
    const { prediction, probability } = replayed;
    const found = { ...facts, predictionId: id, modelVersionId: version.id, prediction, probability };
    return {
      ...facts,
      predictionId: id,
      runtime,
      logged,
      replayed,
      identical: isIdentical(logged, replayed),
      receipt: receipt === undefined ? null : await this.check(receipt, found),
    };
  }

  private async check(receipt: string, found: ReplayedFacts): Promise<CheckedReceipt> {
    return checkReceipt(receipt, await this.serving.receiptKeys(), found);
  }
}

function readFeatures({ features: stored }: Prediction): Features {
  const features = Features.parse(stored);
  if (Object.values(features).some((value) => typeof value === 'string' && value.length >= FEATURE_TEXT_MAX))
    throw new DomainError(
      'replay-unavailable',
      `The log keeps the first ${FEATURE_TEXT_MAX} characters of a text; one of this prediction is longer.`,
    );
  return features;
}

const outcomeOf = ({ prediction, probability, classProbabilities }: Prediction): Outcome => ({
  prediction,
  probability,
  classProbabilities,
});

/** Bit by bit, but for the sign of zero, which JSON does not carry; a class that was not logged, for there were too many, is not compared. */
function isIdentical(logged: Outcome, replayed: Outcome): boolean {
  return (
    logged.prediction === replayed.prediction &&
    logged.probability === replayed.probability &&
    logged.classProbabilities.every((share, index) => Math.fround(share) === replayed.classProbabilities[index])
  );
}
