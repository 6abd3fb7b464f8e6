import { Module } from '@nestjs/common';
import { PipelineModule } from '../pipeline/pipeline.module.js';
import { RunClaimService } from './run-claim.service.js';
import { RunRecoveryService } from './run-recovery.service.js';
import { TrainingRunRunner } from './training-run.runner.js';

@Module({
  imports: [PipelineModule],
  providers: [RunClaimService, TrainingRunRunner, RunRecoveryService],
  exports: [RunClaimService, TrainingRunRunner],
})
export class ExecutionModule {}
