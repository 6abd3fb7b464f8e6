import type { Actor } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { MonitoringMetrics } from '../metrics/monitoring-metrics.js';
import { takeLabelTurn } from '../prediction-log/label-turn.js';
import { countLabelOutcomes, firstLabels, type LabelOutcomes, type StatedOutcome } from './count-label-outcomes.js';
import { fitLabels } from './fit-labels.js';
import { LabelRepository } from './label.repository.js';

/** Takes true outcomes, as they become known. */
@Injectable()
export class LabelService {
  constructor(
    private readonly database: Database,
    private readonly labels: LabelRepository,
    private readonly metrics: MonitoringMetrics,
  ) {}

  /**
   * Keeps every label, also one whose prediction is not in the log yet: it counts from the moment the prediction lands. The answer is
   * given after the commit; a caller that did not get it sends the same again and is told `duplicate`.
   * @throws InvalidInputError when a label does not fit what its version answers; then none of the call is kept
   */
  async report(labels: readonly StatedOutcome[], actor: Actor): Promise<LabelOutcomes> {
    // PostgreSQL writes ids in lower case: one prediction must not count as two because it was spelled in two ways.
    const stated = labels.map((label) => ({ ...label, predictionId: label.predictionId.toLowerCase() }));
    const outcomes = await this.database.change(async (tx) => {
      await takeLabelTurn(tx);
      const ids = new Set(stated.map(({ predictionId }) => predictionId));
      const reported = fitLabels(stated, await this.labels.findFrames(tx, [...ids]));
      const standing = await this.labels.keep(tx, firstLabels(reported), actor.name);
      const counted = countLabelOutcomes(reported, standing);
      await this.labels.noteConflicts(tx, counted.conflicts);
      return counted.outcomes;
    });
    this.metrics.countLabels(outcomes);
    return outcomes;
  }
}
