import type { JobPayload } from '@gimbal/contracts';
import type { HealthAssessment } from '@gimbal/db';
import { isDomainError } from '@gimbal/domain';
import { type JobContext, JobRejectedError } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { JudgeAssessmentService, type Judgement } from '../judgement/judge-assessment.service.js';
import type { ReportSubject } from '../reports/page/render-report.js';
import { ReportStore } from '../reports/report-store.js';
import { AssessmentRepository } from './assessment.repository.js';
import { AssessmentResultRepository } from './assessment-result.repository.js';
import { AssessmentTelling } from './assessment-telling.js';

/** Failures that another try would meet again. */
const LASTING = new Set(['artifact-not-found', 'artifact-corrupt']);

/** Carries out an assessment. Safe to deliver again: one that has come to its end is left alone. */
@Injectable()
export class AssessmentRequestedConsumer {
  constructor(
    private readonly assessments: AssessmentRepository,
    private readonly judge: JudgeAssessmentService,
    private readonly results: AssessmentResultRepository,
    private readonly reports: ReportStore,
    private readonly tell: AssessmentTelling,
  ) {}

  async handle({ assessmentId }: JobPayload<'assessment.requested'>, context: JobContext): Promise<void> {
    const assessment = await this.assessments.find(assessmentId);
    if (!assessment) throw new JobRejectedError(`There is no assessment ${assessmentId}.`);
    if (assessment.state !== 'pending') return;
    try {
      const judgement = await this.judge.judge(assessment);
      const reportPath = judgement.version && (await this.reports.keep(subjectOf(assessment, judgement)));
      if (await this.results.saveDone(assessment, judgement, reportPath))
        this.tell.done(assessment, judgement.conclusion.verdict);
    } catch (error) {
      const isLasting = isDomainError(error) && LASTING.has(error.code);
      if (context.signal.aborted || (!isLasting && context.attempt < context.attemptsMax)) throw error;
      // The row says what happened, and an alert; a dead letter would say it a third time.
      await this.results.saveFailed(assessment, describeFailure(error));
      this.tell.failed(assessment, error);
    }
  }
}

/** Whoever may read assessments reads this: what is not meant for callers stays in the log. */
const describeFailure = (error: unknown): string =>
  isDomainError(error) ? `${error.code}: ${error.detail}` : 'internal-error: the log of monitoring has the failure.';

const subjectOf = ({ id, modelName, createdAt }: HealthAssessment, judgement: Judgement): ReportSubject => ({
  assessmentId: id,
  modelName,
  requestedAt: createdAt.toISOString(),
  verdict: judgement.conclusion.verdict,
  summary: judgement.summary,
  details: judgement.details,
});
