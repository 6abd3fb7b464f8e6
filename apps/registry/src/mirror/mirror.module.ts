import { MlflowClient } from '@gimbal/mlflow-client';
import { CONFIG } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { FileTeller } from './file.teller.js';
import { MetricTeller } from './metric.teller.js';
import { MIRROR_DESK, MirrorController, type MirrorDesk } from './mirror.controller.js';
import { MirrorOff, MirrorRunner } from './mirror.runner.js';
import { MirrorWorker } from './mirror.worker.js';
import { MirrorAlerts } from './mirror-alerts.js';
import { MirrorStatus } from './mirror-status.js';
import { MirrorWatch } from './mirror-watch.js';
import { MlflowRequests } from './mlflow-requests.js';
import { ModelMetricTeller } from './model-metric.teller.js';
import { ReconcileRepository } from './reconcile.repository.js';
import { ReconcileService } from './reconcile.service.js';
import { RefusalRepository } from './refusal.repository.js';
import { StrangersThere } from './strangers-there.js';
import { SyncRepository } from './sync.repository.js';
import { SyncQueueRepository } from './sync-queue.repository.js';
import { provideTellers, TELLER_CLASSES } from './tellers.js';
import { VersionFilesTeller } from './version-files.teller.js';
import { VersionNumbers } from './version-numbers.js';

/** Tells an outside MLflow server what is written here. Registration never waits for it. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class MirrorModule {
  static of({ mirror }: RegistryConfig): DynamicModule {
    const { trackingUri } = mirror;
    const controllers = [MirrorController];
    if (trackingUri === undefined) {
      const desk = { provide: MIRROR_DESK, useValue: null };
      return { module: MirrorModule, controllers, providers: [SyncRepository, MirrorOff, desk] };
    }
    const client = {
      provide: MlflowClient,
      inject: [MlflowRequests, CONFIG],
      useFactory: (requests: MlflowRequests, config: RegistryConfig) => requests.openClient(trackingUri, config),
    };
    const desk = {
      provide: MIRROR_DESK,
      inject: [MirrorStatus, ReconcileService, RefusalRepository],
      useFactory: (
        ...[status, reconciler, refusals]: [MirrorStatus, ReconcileService, RefusalRepository]
      ): MirrorDesk => ({
        ...{ status, reconciler, refusals },
      }),
    };
    return {
      module: MirrorModule,
      controllers,
      providers: [
        ...[client, desk, provideTellers, ...TELLER_CLASSES],
        ...[MlflowRequests, FileTeller, MetricTeller, ModelMetricTeller, VersionFilesTeller, VersionNumbers],
        ...[SyncRepository, SyncQueueRepository, MirrorWorker, MirrorRunner, MirrorStatus, MirrorAlerts, MirrorWatch],
        ...[ReconcileService, ReconcileRepository, StrangersThere, RefusalRepository],
      ],
    };
  }
}
