import { InjectMetric, openSigningKey, type TallyHistogram } from '@gimbal/platform';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { ServingConfig } from '../config.js';
import { PredictionLog } from '../prediction-log/prediction-log.js';
import { ReceiptIssuer } from '../receipts/receipt-issuer.js';
import { ServedModels } from '../traffic/served-models.js';
import { PredictService } from './predict.service.js';
import { PredictionCache } from './prediction-cache.js';
import { type PredictionMetrics, PredictionWatcher } from './prediction-watcher.js';
import { ServingStatistics } from './serving-statistics.js';

@Injectable()
class InjectedMetrics implements PredictionMetrics {
  @InjectMetric('ml_prediction_total') readonly predictions!: Counter<'model' | 'status'>;
  @InjectMetric('ml_prediction_latency_seconds') readonly latency!: TallyHistogram;
  @InjectMetric('ml_prediction_confidence') readonly confidence!: TallyHistogram;
  @InjectMetric('ml_invalid_input_total') readonly invalidInputs!: Counter<'model' | 'error'>;
  @InjectMetric('gimbal_shadow_predictions_total') readonly shadows!: Counter<'model' | 'version' | 'outcome'>;
  @InjectMetric('gimbal_failover_predictions_total') readonly failovers!: Counter<'model' | 'version'>;
  @InjectMetric('ml_model_cache_hits_total') readonly cacheHits!: Counter<'type'>;
  @InjectMetric('ml_model_cache_misses_total') readonly cacheMisses!: Counter<'type'>;
}

/** Predicts, whatever the protocol. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class PredictModule {
  static of({ predict, receipts }: ServingConfig, imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    const { cacheSize, cacheTtlSeconds } = predict;
    return {
      module: PredictModule,
      imports,
      providers: [
        InjectedMetrics,
        ServingStatistics,
        {
          provide: PredictionCache,
          useFactory: () => new PredictionCache({ rowsMax: cacheSize, ttlSeconds: cacheTtlSeconds }),
        },
        {
          provide: PredictionWatcher,
          inject: [InjectedMetrics, ServingStatistics],
          useFactory: (metrics: InjectedMetrics, statistics: ServingStatistics) =>
            new PredictionWatcher(metrics, statistics),
        },
        {
          provide: PredictService,
          inject: [ServedModels, PredictionLog, PredictionCache, PredictionWatcher, ReceiptIssuer],
          useFactory: (
            models: ServedModels,
            log: PredictionLog,
            cache: PredictionCache,
            watcher: PredictionWatcher,
            receipts: ReceiptIssuer,
          ) => new PredictService({ models, log, cache, watcher, receipts }),
        },
        { provide: ReceiptIssuer, useFactory: () => new ReceiptIssuer(() => openSigningKey(receipts.keyFile)) },
      ],
      exports: [PredictService, PredictionCache, ReceiptIssuer, ServingStatistics],
    };
  }
}
