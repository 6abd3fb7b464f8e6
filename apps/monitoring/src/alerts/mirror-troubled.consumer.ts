import type { JobPayload } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { AlertService } from './alert.service.js';

/** Raises the alert of a trouble that the registry has with the MLflow server it tells, or counts on the one that is open. */
@Injectable()
export class MirrorTroubledConsumer {
  constructor(private readonly alerts: AlertService) {}

  /** Delivered twice it is counted twice: the alert is one all the same. */
  async handle({ trouble, title, message }: JobPayload<'mirror.troubled'>): Promise<void> {
    const sighting = {
      dedupKey: `mlflow-mirror:${trouble}`,
      alertType: trouble,
      severity: 'warning',
      modelName: null,
      title,
      message,
      assessmentId: null,
      decisionId: null,
    } as const;
    await this.alerts.raise(sighting, 'registry');
  }
}
