import { MlflowClient } from '@gimbal/mlflow-client';
import { CONFIG } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { MIRROR_DESK, MirrorController, type MirrorDesk } from './mirror.controller.js';
import { MirrorOff, MirrorRunner } from './mirror.runner.js';
import { MirrorWorker } from './mirror.worker.js';
import { MlflowRequests } from './mlflow-requests.js';
import { RefusalRepository } from './queue/refusal.repository.js';
import { SyncRepository } from './queue/sync.repository.js';
import { SyncQueueRepository } from './queue/sync-queue.repository.js';
import { ReconcileRepository } from './reconcile/reconcile.repository.js';
import { ReconcileService } from './reconcile/reconcile.service.js';
import { StrangersThere } from './reconcile/strangers-there.js';
import { MirrorAlerts } from './status/mirror-alerts.js';
import { MirrorStatus } from './status/mirror-status.js';
import { MirrorWatch } from './status/mirror-watch.js';
import { FileTeller } from './tellers/file.teller.js';
import { MetricTeller } from './tellers/metric.teller.js';
import { ModelMetricTeller } from './tellers/model-metric.teller.js';
import { provideTellers, TELLER_CLASSES } from './tellers/tellers.js';
import { VersionFilesTeller } from './tellers/version-files.teller.js';
import { VersionNumbers } from './tellers/version-numbers.js';

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
