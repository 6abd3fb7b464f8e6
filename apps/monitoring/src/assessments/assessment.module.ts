import { Module } from '@nestjs/common';
import { AlertModule } from '../alerts/alert.module.js';
import { JudgementModule } from '../judgement/judgement.module.js';
import { ReferenceModule } from '../references/reference.module.js';
import { ReportStoreModule } from '../reports/report-store.module.js';
import { AssessmentController } from './assessment.controller.js';
import { AssessmentRepository } from './assessment.repository.js';
import { AssessmentService } from './assessment.service.js';
import { AssessmentRequestedConsumer } from './assessment-requested.consumer.js';
import { AssessmentResultRepository } from './assessment-result.repository.js';
import { AssessmentTelling } from './assessment-telling.js';
import { CurrentWindowFinder } from './current-window.js';

@Module({
  imports: [AlertModule, JudgementModule, ReferenceModule, ReportStoreModule],
  controllers: [AssessmentController],
  providers: [
    AssessmentService,
    AssessmentRepository,
    AssessmentResultRepository,
    AssessmentRequestedConsumer,
    AssessmentTelling,
    CurrentWindowFinder,
  ],
  exports: [AssessmentRequestedConsumer, AssessmentRepository, AssessmentService],
})
export class AssessmentModule {}
