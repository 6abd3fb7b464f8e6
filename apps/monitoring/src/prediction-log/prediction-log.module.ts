import { Module } from '@nestjs/common';
import { PayloadLogModule } from '../payload-log/payload-log.module.js';
import { PartitionKeeper } from './partition-keeper.js';
import { PredictionController } from './prediction.controller.js';
import { PredictionRepository } from './prediction.repository.js';
import { PredictionLogRepository } from './prediction-log.repository.js';
import { PredictionLoggedConsumer } from './prediction-logged.consumer.js';

@Module({
  imports: [PayloadLogModule],
  controllers: [PredictionController],
  providers: [PredictionLogRepository, PredictionLoggedConsumer, PredictionRepository, PartitionKeeper],
  exports: [PredictionLoggedConsumer, PredictionRepository, PartitionKeeper],
})
export class PredictionLogModule {}
