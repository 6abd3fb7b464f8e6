import {
  encodeWire,
  Features,
  Id,
  LoggedPrediction,
  LoggedPredictionPage,
  PredictionsQuery,
  PredictionWarning,
} from '@gimbal/contracts';
import type { Prediction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { pageOf } from '@gimbal/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { PredictionRepository } from './prediction.repository.js';

const Warnings = z.array(PredictionWarning);

@Controller('api/v1/predictions')
export class PredictionController {
  constructor(private readonly predictions: PredictionRepository) {}

  @Get()
  async list(@Query({ schema: PredictionsQuery }) { limit, cursor, ...filter }: z.output<typeof PredictionsQuery>) {
    const rows = await this.predictions.list(filter, cursor, limit + 1);
    return encodeWire(LoggedPredictionPage, pageOf(rows, limit, showPrediction));
  }

  @Get(':id')
  async get(@Param('id', { schema: Id }) id: string) {
    const found = await this.predictions.find(id);
    if (!found) throw new DomainError('prediction-not-found', 'No prediction with this id has reached the log.');
    return encodeWire(LoggedPrediction, showPrediction(found));
  }
}

function showPrediction(row: Prediction): z.output<typeof LoggedPrediction> {
  const { id, modelName, modelVersion, prediction, probability, threshold, latencyMs, actual } = row;
  return {
    ...{ id, modelName, modelVersion, prediction, probability, threshold, latencyMs, actual },
    features: Features.parse(row.features),
    warnings: Warnings.parse(row.warnings),
    createdAt: row.createdAt.toISOString(),
  };
}
