import { JobQueue } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AlertService } from './alert.service.js';

const DEDUP_KEY = 'dead-letters:monitoring';

/** Raises an alert when jobs of monitoring itself could not be done: predictions or assessments are waiting for somebody then. */
@Injectable()
export class DeadLetterWatch {
  constructor(
    private readonly queue: JobQueue,
    private readonly database: Database,
    private readonly alerts: AlertService,
  ) {}

  /** Looks once. A dead letter that was told of already is not told of again. @throws DomainError `queue-unavailable` */
  async look(): Promise<void> {
    const [newest] = await this.queue.listDeadLetters('monitoring', { limit: 1 });
    if (!newest) return;
    const told = await this.database.reader.alert.findFirst({
      where: { dedupKey: DEDUP_KEY },
      orderBy: { lastSeenAt: 'desc' },
    });
    if (told && newest.failedAt && newest.failedAt <= told.lastSeenAt) return;
    const { dead } = await this.queue.counts('monitoring');
    await this.alerts.raise(
      {
        dedupKey: DEDUP_KEY,
        alertType: 'dead-letters',
        severity: 'critical',
        modelName: null,
        title: 'Jobs of monitoring could not be done',
        message: `${dead} jobs are kept for a week to be tried again. The newest is ${newest.name} (${newest.jobId}): ${newest.reason.slice(0, 500)}`,
        assessmentId: null,
        decisionId: null,
      },
      'monitoring',
    );
  }
}
