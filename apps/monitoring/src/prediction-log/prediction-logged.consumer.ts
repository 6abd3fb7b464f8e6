import type { JobPayload } from '@gimbal/contracts';
import { JobRejectedError, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { MonitoringMetrics } from '../metrics/monitoring-metrics.js';
import { PredictionLogRepository } from './prediction-log.repository.js';

/** Takes what serving answered. Safe to deliver again: a row is stored once, by its id. */
@Injectable()
export class PredictionLoggedConsumer {
  constructor(
    private readonly log: PredictionLogRepository,
    private readonly metrics: MonitoringMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws JobRejectedError when rows name a version that does not exist; the others of the batch are stored by then */
  async handle({ rows }: JobPayload<'prediction.logged'>): Promise<void> {
    const { written, unknownVersions, unfitLabels } = await this.log.append(rows);
    for (const [model, count] of written) this.metrics.countLogged(model, count);
    if (unfitLabels > 0) {
      this.metrics.countUnfitLabels(unfitLabels);
      this.logger.warn({ labels: unfitLabels }, 'labels that came before their predictions do not fit them');
    }
    if (unknownVersions.length > 0)
      throw new JobRejectedError(`No model version has the id ${unknownVersions.slice(0, 5).join(', ')}.`);
  }
}
