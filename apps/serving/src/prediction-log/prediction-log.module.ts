import { JobQueue, LOGGER, type Logger } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { ServingConfig } from '../config.js';
import { PredictionLog } from './prediction-log.js';

/** The log of answered predictions, shipped as jobs `predictions.spooled`. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class PredictionLogModule {
  static of({ spool }: ServingConfig): DynamicModule {
    return {
      module: PredictionLogModule,
      providers: [
        {
          provide: PredictionLog,
          inject: [JobQueue, LOGGER],
          useFactory: (queue: JobQueue, logger: Logger) =>
            PredictionLog.open({
              directory: spool.directory,
              sync: spool.sync,
              segmentBytesMax: spool.segmentBytesMax,
              segmentAgeMsMax: spool.segmentAgeSecondsMax * 1_000,
              bytesMax: spool.bytesMax,
              rowsPerJob: spool.rowsPerJob,
              delayMs: spool.shipDelayMs,
              publish: (jobId, batch) => queue.publish('predictions.spooled', batch, { jobId }),
              logger,
            }),
        },
      ],
      exports: [PredictionLog],
    };
  }
}
