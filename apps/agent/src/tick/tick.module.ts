import { Module } from '@nestjs/common';
import { ExecutionModule } from '../execution/execution.module.js';
import { TickService } from './tick.service.js';
import { TickSchedule } from './tick-schedule.js';

@Module({ imports: [ExecutionModule], providers: [TickSchedule, TickService], exports: [TickService] })
export class TickModule {}
