import { Module } from '@nestjs/common';
import { ComparisonController } from './comparison.controller.js';
import { ComparisonService } from './comparison.service.js';
import { PredictionComparisonService } from './prediction-comparison.service.js';
import { ServingClient } from './serving.client.js';

@Module({
  controllers: [ComparisonController],
  providers: [ComparisonService, PredictionComparisonService, ServingClient],
})
export class ComparisonModule {}
