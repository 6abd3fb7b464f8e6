import { Module } from '@nestjs/common';
import { PartitionKeeper } from './partition-keeper.js';
import { PredictionController } from './prediction.controller.js';
import { PredictionRepository } from './prediction.repository.js';
import { PredictionLogRepository } from './prediction-log.repository.js';
import { PredictionLoggedConsumer } from './prediction-logged.consumer.js';

@Module({
  controllers: [PredictionController],
  providers: [PredictionLogRepository, PredictionLoggedConsumer, PredictionRepository, PartitionKeeper],
  exports: [PredictionLoggedConsumer, PredictionRepository, PartitionKeeper],
})
export class PredictionLogModule {}
