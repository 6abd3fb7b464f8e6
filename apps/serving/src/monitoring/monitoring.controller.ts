import {
  encodeWire,
  ModelName,
  ServedModelStatistics,
  ServingHealth,
  ServingStatistics as ServingStatisticsAnswer,
  StatisticsQuery,
} from '@gimbal/contracts';
import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { findModel } from '../predict/find-version.js';
import { PredictionCache } from '../predict/prediction-cache.js';
import { ServingStatistics } from '../predict/serving-statistics.js';
import { PredictionLog } from '../prediction-log/prediction-log.js';
import { ServedModels } from '../traffic/served-models.js';
import { describeModel } from './describe-model.js';
import { type DescriptionTime, describeHealth, describeStatistics, type ServingParts } from './describe-serving.js';

const now = (): DescriptionTime => ({ wallMs: Date.now(), processMs: performance.now() });

/** What operators see of serving. */
@Controller()
export class MonitoringController {
  private readonly parts: ServingParts;

  constructor(models: ServedModels, statistics: ServingStatistics, cache: PredictionCache, log: PredictionLog) {
    this.parts = { models, statistics, cache, log };
  }

  @Get('monitoring/health')
  health(): z.input<typeof ServingHealth> {
    return encodeWire(ServingHealth, describeHealth(this.parts, now()));
  }

  @Get('monitoring/statistics')
  statistics(
    @Query({ schema: StatisticsQuery }) query: z.output<typeof StatisticsQuery>,
  ): z.input<typeof ServingStatisticsAnswer> {
    return encodeWire(ServingStatisticsAnswer, describeStatistics(this.parts, query.windowMinutes, now()));
  }

  @Get('api/v1/models/:model/stats')
  model(
    @Param('model', { schema: ModelName }) name: string,
    @Query({ schema: StatisticsQuery }) query: z.output<typeof StatisticsQuery>,
  ): z.input<typeof ServedModelStatistics> {
    const model = findModel(this.parts.models, name);
    return encodeWire(ServedModelStatistics, describeModel(this.parts, model, query.windowMinutes, now()));
  }
}
