import { Module } from '@nestjs/common';
import { EvaluateCandidateService } from './evaluate-candidate.service.js';
import { LearnService } from './learn.service.js';
import { PrepareDataService } from './prepare-data.service.js';
import { PromoteService } from './promote.service.js';
import { RecordExperimentService } from './record-experiment.service.js';
import { RegisterService } from './register.service.js';
import { TrainingPipeline } from './training.pipeline.js';

@Module({
  providers: [
    PrepareDataService,
    LearnService,
    EvaluateCandidateService,
    RecordExperimentService,
    RegisterService,
    PromoteService,
    TrainingPipeline,
  ],
  exports: [TrainingPipeline],
})
export class PipelineModule {}
