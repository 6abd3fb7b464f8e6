import { type Actor, encodeWire, ModelName, PutSchedule, Schedule } from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import type { z } from 'zod';
import { ScheduleService } from './schedule.service.js';

@Controller('api/v1/training-schedules')
@CallableBy('gateway')
export class ScheduleController {
  constructor(private readonly schedules: ScheduleService) {}

  @Get(':name')
  async get(@Param('name', { schema: ModelName }) name: string) {
    return encodeWire(Schedule, await this.schedules.get(name));
  }

  @Put(':name')
  async put(
    @Param('name', { schema: ModelName }) name: string,
    @Body({ schema: PutSchedule }) request: z.output<typeof PutSchedule>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(Schedule, await this.schedules.put(name, request, actor));
  }
}
