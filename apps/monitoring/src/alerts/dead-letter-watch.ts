import { JOBS } from '@gimbal/contracts';
import { type DeadLetter, JobQueue, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AlertService } from './alert.service.js';

const DEDUP_KEY = 'dead-letters:monitoring';
/** Looked at in one turn; a turn comes every few minutes. */
const LETTERS_MAX = 1_000;

/** Looks after jobs of monitoring itself that could not be done: predictions or assessments are waiting for somebody then. */
@Injectable()
export class DeadLetterWatch {
  constructor(
    private readonly queue: JobQueue,
    private readonly database: Database,
    private readonly alerts: AlertService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Raises an alert for those that nobody was told of yet, then gives predictions that ran out of tries all their tries again: they were
   * acknowledged, and an outage that outlasted the tries must not lose them. What was rejected stays for a person to look at.
   * @throws DomainError `queue-unavailable`
   */
  async look(): Promise<void> {
    const letters = await this.queue.listDeadLetters('monitoring', { limit: LETTERS_MAX });
    const [newest] = letters;
    if (!newest) return;
    if (await this.isNews(newest)) await this.tell(newest);
    for (const { jobId } of letters.filter(hasRunOut)) await this.queue.retryDeadLetter('monitoring', jobId);
    const retried = letters.filter(hasRunOut).length;
    if (retried > 0) this.logger.warn({ jobs: retried }, 'predictions that ran out of tries are tried again');
  }

  private async isNews({ failedAt }: DeadLetter): Promise<boolean> {
    const told = await this.database.reader.alert.findFirst({
      where: { dedupKey: DEDUP_KEY },
      orderBy: { lastSeenAt: 'desc' },
    });
    return told === null || failedAt === null || failedAt > told.lastSeenAt;
  }

  private async tell({ name, jobId, reason }: DeadLetter): Promise<void> {
    const { dead } = await this.queue.counts('monitoring');
    const sighting = {
      dedupKey: DEDUP_KEY,
      alertType: 'dead-letters',
      severity: 'critical',
      modelName: null,
      title: 'Jobs of monitoring could not be done',
      message: `${dead} jobs are kept for a week. The newest is ${name} (${jobId}): ${reason.slice(0, 500)}`,
      assessmentId: null,
      decisionId: null,
    } as const;
    await this.alerts.raise(sighting, 'monitoring');
  }
}

/** A rejected job ends at once; one that was tried to the end met something that may have passed. */
const hasRunOut = ({ name, attempts }: DeadLetter): boolean =>
  (name === 'predictions.spooled' || name === 'prediction.logged') && attempts >= JOBS[name].attempts;
