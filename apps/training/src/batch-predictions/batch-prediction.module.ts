import { Module } from '@nestjs/common';
import { EventStreamsModule } from '../events/event-streams.module.js';
import { BatchClaims } from './batch-claims.js';
import { BatchFiles } from './batch-files.js';
import { BatchPredictionController } from './batch-prediction.controller.js';
import { BatchPredictionService } from './batch-prediction.service.js';
import { BatchRetentionService } from './batch-retention.service.js';
import { BatchWorker } from './batch-worker.service.js';
import { CreateBatchPredictionService } from './create-batch-prediction.service.js';
import { PredictFileService } from './predict-file.service.js';

/** Predictions of whole files. */
@Module({
  imports: [EventStreamsModule],
  controllers: [BatchPredictionController],
  providers: [
    BatchFiles,
    BatchClaims,
    PredictFileService,
    BatchWorker,
    CreateBatchPredictionService,
    BatchPredictionService,
    BatchRetentionService,
  ],
  exports: [BatchWorker],
})
export class BatchPredictionModule {}
