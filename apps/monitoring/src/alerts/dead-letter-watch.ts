import { JOB_CONSUMERS, JOBS } from '@gimbal/contracts';
import { type DeadLetter, JobQueue, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AlertService } from './alert.service.js';

/** Looked at in one turn; a turn comes every few minutes. */
const LETTERS_MAX = 1_000;

type Consumer = (typeof JOB_CONSUMERS)[number];
const dedupKeyOf = (service: Consumer): string => `dead-letters:${service}`;

/** Looks after jobs of every service that could not be done: predictions, webhooks, trainings are waiting for somebody then. */
@Injectable()
export class DeadLetterWatch {
  constructor(
    private readonly queue: JobQueue,
    private readonly database: Database,
    private readonly alerts: AlertService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Raises an alert for those of each service that nobody was told of yet, then gives predictions that ran out of tries all their tries again:
   * they were acknowledged, and an outage that outlasted the tries must not lose them. What was rejected stays for a person to look at.
   * @throws DomainError `queue-unavailable`
   */
  async look(): Promise<void> {
    for (const service of JOB_CONSUMERS) {
      const [newest] = await this.queue.listDeadLetters(service, { limit: 1 });
      if (newest && (await this.isNews(service, newest))) await this.tell(service, newest);
    }
    await this.retryPredictions();
  }

  private async retryPredictions(): Promise<void> {
    const letters = (await this.queue.listDeadLetters('monitoring', { limit: LETTERS_MAX })).filter(hasRunOut);
    for (const { jobId } of letters) await this.queue.retryDeadLetter('monitoring', jobId);
    if (letters.length > 0)
      this.logger.warn({ jobs: letters.length }, 'predictions that ran out of tries are tried again');
  }

  private async isNews(service: Consumer, { failedAt }: DeadLetter): Promise<boolean> {
    const told = await this.database.reader.alert.findFirst({
      where: { dedupKey: dedupKeyOf(service) },
      orderBy: { lastSeenAt: 'desc' },
    });
    return told === null || failedAt === null || failedAt > told.lastSeenAt;
  }

  private async tell(service: Consumer, { name, jobId, reason }: DeadLetter): Promise<void> {
    const { dead } = await this.queue.counts(service);
    const sighting = {
      dedupKey: dedupKeyOf(service),
      alertType: 'dead-letters',
      severity: 'critical',
      modelName: null,
      title: `Jobs of ${service} could not be done`,
      message: `${dead} jobs are kept for a week: GET /api/v1/dead-letters?service=${service}. The newest is ${name} (${jobId}): ${reason.slice(0, 500)}`,
      assessmentId: null,
      decisionId: null,
    } as const;
    await this.alerts.raise(sighting, 'monitoring');
  }
}

/** A rejected job ends at once; one that was tried to the end met something that may have passed. */
const hasRunOut = ({ name, attempts }: DeadLetter): boolean =>
  (name === 'predictions.spooled' || name === 'prediction.logged') && attempts >= JOBS[name].attempts;
