import { ArtifactsModule, DatabaseModule, JobsModule, OutboxModule } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { AliasModule } from './aliases/alias.module.js';
import { ArtifactModule } from './artifacts/artifact.module.js';
import { ComparisonModule } from './comparison/comparison.module.js';
import type { RegistryConfig } from './config.js';
import { Database } from './database/database.js';
import { DatasetModule } from './datasets/dataset.module.js';
import { ExperimentModule } from './experiments/experiment.module.js';
import { HistoryModule } from './history/history.module.js';
import { RegistryJobsModule } from './jobs/registry-jobs.module.js';
import { LineageModule } from './lineage/lineage.module.js';
import { ManifestModule } from './manifests/manifest.module.js';
import { MirrorModule } from './mirror/mirror.module.js';
import { MlflowModule } from './mlflow/mlflow.module.js';
import { ModelModule } from './models/model.module.js';
import { PromotionModule } from './promotion/promotion.module.js';
import { RegistrationModule } from './registration/registration.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { StatisticsModule } from './statistics/statistics.module.js';
import { ThresholdModule } from './threshold/threshold.module.js';
import { TrafficModule } from './traffic/traffic.module.js';
import { TransferModule } from './transfer/transfer.module.js';

/** Experiments, runs, models, versions, aliases, lineage and traffic plans. It tells through its outbox. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class RegistryModule {
  static of(config: RegistryConfig): DynamicModule {
    const { artifacts, database, queue } = config;
    return {
      module: RegistryModule,
      imports: [
        ArtifactsModule.forRoot(artifacts),
        JobsModule.forRoot(queue),
        OutboxModule.forRoot(database.url),
        DatabaseModule.forRoot(Database, 'unready'),
        ArtifactModule,
        ExperimentModule,
        ModelModule,
        LineageModule,
        ComparisonModule,
        ManifestModule,
        StatisticsModule,
        RetentionModule,
        TransferModule,
        MlflowModule,
        MirrorModule.of(config),
        RegistrationModule,
        PromotionModule,
        HistoryModule,
        AliasModule,
        TrafficModule,
        ThresholdModule,
        DatasetModule,
        RegistryJobsModule,
      ],
    };
  }
}
