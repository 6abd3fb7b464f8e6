import { Module } from '@nestjs/common';
import { ExperimentWriter } from '../experiments/experiment-writer.service.js';
import { TableModule } from '../tables/table.module.js';
import { EvaluateCandidateService } from './evaluate-candidate.service.js';
import { LearnService } from './learn.service.js';
import { PrepareDataService } from './prepare-data.service.js';
import { PromoteService } from './promote.service.js';
import { RecordExperimentService } from './record-experiment.service.js';
import { RegisterService } from './register.service.js';
import { TrainingPipeline } from './training.pipeline.js';

@Module({
  imports: [TableModule],
  providers: [
    PrepareDataService,
    LearnService,
    EvaluateCandidateService,
    ExperimentWriter,
    RecordExperimentService,
    RegisterService,
    PromoteService,
    TrainingPipeline,
  ],
  exports: [TrainingPipeline],
})
export class PipelineModule {}
