import { Module } from '@nestjs/common';
import { EXECUTORS, ExecutorCatalogue, InformingExecutors, RepairExecutors } from '../actions/executor-catalogue.js';
import { DecisionModule } from '../decision/decision.module.js';
import { ClaimService } from './claim.service.js';
import { ExecutionService } from './execution.service.js';

@Module({
  imports: [DecisionModule],
  providers: [...EXECUTORS, RepairExecutors, InformingExecutors, ExecutorCatalogue, ClaimService, ExecutionService],
  exports: [ClaimService, ExecutionService],
})
export class ExecutionModule {}
