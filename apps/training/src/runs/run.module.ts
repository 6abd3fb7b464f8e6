import { Module } from '@nestjs/common';
import { RequestRunService } from './request-run.service.js';
import { RunController } from './run.controller.js';
import { RunService } from './run.service.js';
import { RunEventsService } from './run-events.service.js';

@Module({
  controllers: [RunController],
  providers: [RequestRunService, RunService, RunEventsService],
  exports: [RequestRunService],
})
export class RunModule {}
