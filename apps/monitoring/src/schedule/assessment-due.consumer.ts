import type { JobPayload } from '@gimbal/contracts';
import { type JobContext, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DeadLetterWatch } from '../alerts/dead-letter-watch.js';
import { AssessmentRepository } from '../assessments/assessment.repository.js';
import { PartitionKeeper } from '../prediction-log/partition-keeper.js';
import { DueAssessments } from './due-assessments.js';

/** An assessment takes seconds; one that is pending for so long has lost its job. */
const STALE_MS = 600_000;

/** The scheduler's turn: prepares the coming days, lets go of those too old to keep, looks after what was left behind, assesses every live model that has news. */
@Injectable()
export class AssessmentDueConsumer {
  constructor(
    private readonly partitions: PartitionKeeper,
    private readonly assessments: AssessmentRepository,
    private readonly due: DueAssessments,
    private readonly deadLetters: DeadLetterWatch,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Every step is tried, whatever became of the ones before; each is safe to repeat. */
  async handle(_payload: JobPayload<'assessment.due'>, { jobId }: JobContext): Promise<void> {
    const outcomes = [
      await this.attempt('partitions', () => this.partitions.prepare()),
      await this.attempt('old predictions', () => this.partitions.forget()),
      await this.attempt('assessments left behind', () => this.assessments.driveAgain(new Date(Date.now() - STALE_MS))),
      await this.attempt('assessments', () => this.due.request(jobId)),
      await this.attempt('dead letters', () => this.deadLetters.look()),
    ];
    const failure = outcomes.find((outcome) => outcome !== null);
    if (failure) throw failure.error;
  }

  private async attempt(step: string, work: () => Promise<unknown>): Promise<{ readonly error: unknown } | null> {
    try {
      await work();
      return null;
    } catch (error) {
      this.logger.warn({ err: error, step }, 'a step of the turn failed');
      return { error };
    }
  }
}
