import type { JobPayload } from '@gimbal/contracts';
import { JobRejectedError } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { MonitoringMetrics } from '../metrics/monitoring-metrics.js';
import { PredictionLogRepository } from './prediction-log.repository.js';

/** Takes what serving answered. Safe to deliver again: a row is stored once, by its id. */
@Injectable()
export class PredictionLoggedConsumer {
  constructor(
    private readonly log: PredictionLogRepository,
    private readonly metrics: MonitoringMetrics,
  ) {}

  /** @throws JobRejectedError when rows name a version that does not exist; the others of the batch are stored by then */
  async handle({ rows }: JobPayload<'prediction.logged'>): Promise<void> {
    const { written, unknownVersions } = await this.log.append(rows);
    for (const [model, count] of written) this.metrics.countLogged(model, count);
    if (unknownVersions.length > 0)
      throw new JobRejectedError(`No model version has the id ${unknownVersions.slice(0, 5).join(', ')}.`);
  }
}
