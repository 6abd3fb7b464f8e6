import type { JobPayload } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { AlertService } from './alert.service.js';

const TOLD_BY = 'registry';
const dedupKeyOf = (trouble: string): string => `mlflow-mirror:${trouble}`;

/** Raises and resolves the alerts of the troubles that the registry has with the MLflow server it tells. */
@Injectable()
export class MirrorTroubleConsumer {
  constructor(private readonly alerts: AlertService) {}

  /** Delivered twice it is counted twice: the alert is one all the same. */
  async handleTroubled({ trouble, title, message }: JobPayload<'mirror.troubled'>): Promise<void> {
    const sighting = {
      dedupKey: dedupKeyOf(trouble),
      alertType: trouble,
      severity: 'warning',
      modelName: null,
      title,
      message,
      assessmentId: null,
      decisionId: null,
    } as const;
    await this.alerts.raise(sighting, TOLD_BY);
  }

  async handleRecovered({ trouble, reason }: JobPayload<'mirror.recovered'>): Promise<void> {
    await this.alerts.resolveTrouble(dedupKeyOf(trouble), reason, TOLD_BY);
  }
}
