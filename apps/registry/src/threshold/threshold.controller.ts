import {
  type Actor,
  AdjustThreshold,
  encodeWire,
  ModelName,
  ThresholdAdjustment,
  VersionParam,
} from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { ThresholdService } from './threshold.service.js';

@Controller('internal/models/:model/versions/:version/threshold')
@CallableBy('agent')
export class ThresholdController {
  constructor(private readonly thresholds: ThresholdService) {}

  @Post()
  @HttpCode(200)
  async adjust(
    @Param('model', { schema: ModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
    @Body({ schema: AdjustThreshold }) request: z.output<typeof AdjustThreshold>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(ThresholdAdjustment, await this.thresholds.adjust({ model, version, request, actor }));
  }
}
