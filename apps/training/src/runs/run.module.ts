import { Module } from '@nestjs/common';
import { EventStreamsModule } from '../events/event-streams.module.js';
import { RequestRunService } from './request-run.service.js';
import { RunController } from './run.controller.js';
import { RunService } from './run.service.js';

@Module({
  imports: [EventStreamsModule],
  controllers: [RunController],
  providers: [RequestRunService, RunService],
  exports: [RequestRunService],
})
export class RunModule {}
