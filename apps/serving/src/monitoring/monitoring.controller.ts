import {
  encodeWire,
  ServingHealth,
  ServingStatistics as ServingStatisticsAnswer,
  StatisticsQuery,
} from '@gimbal/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import { PredictionCache } from '../predict/prediction-cache.js';
import { ServingStatistics } from '../predict/serving-statistics.js';
import { PredictionLog } from '../prediction-log/prediction-log.js';
import { ServedModels } from '../traffic/served-models.js';
import { type DescriptionTime, describeHealth, describeStatistics, type ServingParts } from './describe-serving.js';

const now = (): DescriptionTime => ({ wallMs: Date.now(), processMs: performance.now() });

/** What operators see of serving. */
@Controller('monitoring')
export class MonitoringController {
  private readonly parts: ServingParts;

  constructor(models: ServedModels, statistics: ServingStatistics, cache: PredictionCache, log: PredictionLog) {
    this.parts = { models, statistics, cache, log };
  }

  @Get('health')
  health(): z.input<typeof ServingHealth> {
    return encodeWire(ServingHealth, describeHealth(this.parts, now()));
  }

  @Get('statistics')
  statistics(
    @Query({ schema: StatisticsQuery }) query: z.output<typeof StatisticsQuery>,
  ): z.input<typeof ServingStatisticsAnswer> {
    return encodeWire(ServingStatisticsAnswer, describeStatistics(this.parts, query.windowMinutes, now()));
  }
}
