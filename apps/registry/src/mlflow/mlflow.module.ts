import { Module } from '@nestjs/common';
import { ArtifactHandlers } from './artifacts/artifact.handlers.js';
import { MlflowArtifactModule } from './artifacts/mlflow-artifact.module.js';
import { MLFLOW_HANDLERS, MlflowRoutes } from './mlflow-routes.js';
import { MlflowWebhookModule } from './webhooks/mlflow-webhook.module.js';
import { WebhookHandlers } from './webhooks/webhook.handlers.js';

/** Every feature of MLflow's shell brings the handlers of its routes; here they become one. */
@Module({
  imports: [MlflowArtifactModule, MlflowWebhookModule],
  providers: [
    {
      provide: MLFLOW_HANDLERS,
      inject: [ArtifactHandlers, WebhookHandlers],
      useFactory: (artifacts: ArtifactHandlers, webhooks: WebhookHandlers) => ({
        ...artifacts.handlers,
        ...webhooks.handlers,
      }),
    },
    MlflowRoutes,
  ],
  exports: [MlflowRoutes, MlflowArtifactModule],
})
export class MlflowModule {}
