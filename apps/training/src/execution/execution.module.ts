import { Module } from '@nestjs/common';
import { ExperimentWriter } from '../experiments/experiment-writer.service.js';
import { PipelineModule } from '../pipeline/pipeline.module.js';
import { CloseSearchService } from '../search/close-search.service.js';
import { RunClaimService } from './run-claim.service.js';
import { RunRecoveryService } from './run-recovery.service.js';
import { TrainingRunRunner } from './training-run.runner.js';

@Module({
  imports: [PipelineModule],
  providers: [RunClaimService, TrainingRunRunner, RunRecoveryService, ExperimentWriter, CloseSearchService],
  exports: [RunClaimService, TrainingRunRunner, CloseSearchService],
})
export class ExecutionModule {}
