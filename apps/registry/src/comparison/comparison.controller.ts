import {
  ComparePredictions,
  CompareQuery,
  Comparison,
  encodeWire,
  PredictionComparison,
  RegisteredModelName,
  VersionParam,
} from '@gimbal/contracts';
import { parseInput } from '@gimbal/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { ComparisonService } from './comparison.service.js';
import { PredictionComparisonService } from './prediction-comparison.service.js';

const TwoVersions = z.tuple([VersionParam, VersionParam]);

@Controller('api/v1/models/:model/compare')
export class ComparisonController {
  constructor(
    private readonly comparisons: ComparisonService,
    private readonly predictions: PredictionComparisonService,
  ) {}

  @Get()
  async compare(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Query({ schema: CompareQuery }) { versions }: z.output<typeof CompareQuery>,
  ) {
    return encodeWire(Comparison, await this.comparisons.compare(model, parseInput(TwoVersions, versions.split(','))));
  }

  @Post()
  @HttpCode(200)
  async comparePredictions(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Body({ schema: ComparePredictions }) asked: ComparePredictions,
  ) {
    return encodeWire(PredictionComparison, await this.predictions.compare(model, asked));
  }
}
