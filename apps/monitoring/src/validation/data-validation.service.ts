import { DomainError, type QualityAssessment } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { AssessmentRepository } from '../assessments/assessment.repository.js';
import { validateWindow } from '../judgement/assess-window.js';
import { JudgeAssessmentService } from '../judgement/judge-assessment.service.js';

/** Checks the data of a window again. */
@Injectable()
export class DataValidationService {
  constructor(
    private readonly assessments: AssessmentRepository,
    private readonly judge: JudgeAssessmentService,
  ) {}

  /**
   * Runs the data quality checks on the window of an assessment as it is in the log now. It only reads, so it may be repeated.
   * @throws DomainError `assessment-not-found` · `not-enough-data` when the window has no predictions
   */
  async validate(assessmentId: string): Promise<QualityAssessment> {
    const assessment = await this.assessments.find(assessmentId);
    if (!assessment) throw new DomainError('assessment-not-found', 'There is no assessment with this id.');
    const prepared = await this.judge.prepare(assessment);
    if (!prepared || prepared.loaded.rows.length === 0)
      throw new DomainError('not-enough-data', 'The window of this assessment has no predictions.');
    return validateWindow({ ...prepared, rows: prepared.loaded.rows });
  }
}
