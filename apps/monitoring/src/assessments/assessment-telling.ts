import type { HealthAssessment } from '@gimbal/db';
import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { MonitoringMetrics } from '../metrics/monitoring-metrics.js';

/** Log lines and counts of assessments. */
@Injectable()
export class AssessmentTelling {
  constructor(
    private readonly metrics: MonitoringMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  done({ id, modelName }: HealthAssessment, verdict: string): void {
    this.metrics.countAssessment(modelName, verdict);
    this.logger.info({ assessment: id, model: modelName, verdict }, 'assessment done');
  }

  failed({ id, modelName }: HealthAssessment, error: unknown): void {
    this.metrics.countAssessment(modelName, 'failed');
    this.logger.error({ err: error, assessment: id, model: modelName }, 'assessment failed');
  }
}
