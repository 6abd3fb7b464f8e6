import { Module } from '@nestjs/common';
import { ReferenceModule } from '../references/reference.module.js';
import { JudgeAssessmentService } from './judge-assessment.service.js';
import { WindowRepository } from './window.repository.js';

@Module({
  imports: [ReferenceModule],
  providers: [JudgeAssessmentService, WindowRepository],
  exports: [JudgeAssessmentService],
})
export class JudgementModule {}
