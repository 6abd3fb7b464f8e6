import { Module } from '@nestjs/common';
import { ArtifactHandlers } from './artifacts/artifact.handlers.js';
import { MlflowArtifactModule } from './artifacts/mlflow-artifact.module.js';
import { joinHandlers } from './join-handlers.js';
import { MLFLOW_HANDLERS, MlflowRoutes } from './mlflow-routes.js';
import { MlflowModelsModule, MODEL_HANDLERS } from './models/mlflow-models.module.js';
import { MlflowSearchModule, SEARCH_HANDLERS } from './search/search.module.js';
import { TRACKING_HANDLERS, TrackingModule } from './tracking/tracking.module.js';
import { MlflowWebhookModule } from './webhooks/mlflow-webhook.module.js';
import { WebhookHandlers } from './webhooks/webhook.handlers.js';

/** Every feature of MLflow's shell brings the handlers of its routes; here they become one. */
@Module({
  imports: [MlflowArtifactModule, MlflowModelsModule, MlflowSearchModule, MlflowWebhookModule, TrackingModule],
  providers: [
    {
      provide: MLFLOW_HANDLERS,
      inject: [ArtifactHandlers, WebhookHandlers, ...MODEL_HANDLERS, ...SEARCH_HANDLERS, ...TRACKING_HANDLERS],
      useFactory: joinHandlers,
    },
    MlflowRoutes,
  ],
  exports: [MlflowRoutes, MlflowArtifactModule],
})
export class MlflowModule {}
