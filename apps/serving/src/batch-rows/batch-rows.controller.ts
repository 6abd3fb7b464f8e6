import { encodeWire, PredictBatchRows, PredictedBatchRows } from '@gimbal/contracts';
import { CallableBy } from '@gimbal/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { BatchRowsService } from './batch-rows.service.js';

/** Rows of batch predictions; asked by training alone, since the caller says under which ids they are logged. */
@Controller('internal/batch-rows')
@CallableBy('training')
export class BatchRowsController {
  constructor(private readonly service: BatchRowsService) {}

  @Post()
  @HttpCode(200)
  async predict(
    @Body({ schema: PredictBatchRows }) asked: PredictBatchRows,
  ): Promise<z.input<typeof PredictedBatchRows>> {
    return encodeWire(PredictedBatchRows, await this.service.predict(asked));
  }
}
