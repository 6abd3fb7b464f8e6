import { Module } from '@nestjs/common';
import { RunModule } from '../runs/run.module.js';
import { RestoreSchedules } from './restore-schedules.js';
import { ScheduleController } from './schedule.controller.js';
import { ScheduleService } from './schedule.service.js';

@Module({
  imports: [RunModule],
  controllers: [ScheduleController],
  providers: [ScheduleService, RestoreSchedules],
  exports: [ScheduleService],
})
export class ScheduleModule {}
