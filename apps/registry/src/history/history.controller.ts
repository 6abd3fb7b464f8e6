import {
  AsOfQuery,
  encodeWire,
  ModelAsOf,
  ModelHistory,
  ModelHistoryQuery,
  RegisteredModelName,
} from '@gimbal/contracts';
import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { HistoryService } from './history.service.js';

@Controller('api/v1/models/:model')
export class HistoryController {
  constructor(private readonly histories: HistoryService) {}

  @Get('history')
  async list(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Query({ schema: ModelHistoryQuery }) query: z.output<typeof ModelHistoryQuery>,
  ) {
    return encodeWire(ModelHistory, await this.histories.list(model, query));
  }

  @Get('live')
  async asOf(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Query({ schema: AsOfQuery }) { at }: z.output<typeof AsOfQuery>,
  ) {
    return encodeWire(ModelAsOf, await this.histories.asOf(model, at === undefined ? new Date() : new Date(at)));
  }
}
