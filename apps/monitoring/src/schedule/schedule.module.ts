import { Module } from '@nestjs/common';
import { AlertModule } from '../alerts/alert.module.js';
import { AssessmentModule } from '../assessments/assessment.module.js';
import { PredictionLogModule } from '../prediction-log/prediction-log.module.js';
import { ReferenceModule } from '../references/reference.module.js';
import { AssessmentDueConsumer } from './assessment-due.consumer.js';
import { AssessmentSchedule } from './assessment-schedule.js';
import { DueAssessments } from './due-assessments.js';

@Module({
  imports: [AlertModule, AssessmentModule, PredictionLogModule, ReferenceModule],
  providers: [AssessmentDueConsumer, AssessmentSchedule, DueAssessments],
  exports: [AssessmentDueConsumer],
})
export class ScheduleModule {}
