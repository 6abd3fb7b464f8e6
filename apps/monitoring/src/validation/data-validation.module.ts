import { Module } from '@nestjs/common';
import { AssessmentModule } from '../assessments/assessment.module.js';
import { JudgementModule } from '../judgement/judgement.module.js';
import { DataValidationController } from './data-validation.controller.js';
import { DataValidationService } from './data-validation.service.js';

@Module({
  imports: [AssessmentModule, JudgementModule],
  controllers: [DataValidationController],
  providers: [DataValidationService],
})
export class DataValidationModule {}
