import { Module } from '@nestjs/common';
import { ArtifactHandlers } from './artifacts/artifact.handlers.js';
import { MlflowArtifactModule } from './artifacts/mlflow-artifact.module.js';
import { MLFLOW_HANDLERS, MlflowRoutes } from './mlflow-routes.js';

/** Every feature of MLflow's shell brings the handlers of its routes; here they become one. */
@Module({
  imports: [MlflowArtifactModule],
  providers: [
    {
      provide: MLFLOW_HANDLERS,
      inject: [ArtifactHandlers],
      useFactory: (artifacts: ArtifactHandlers) => ({ ...artifacts.handlers }),
    },
    MlflowRoutes,
  ],
  exports: [MlflowRoutes, MlflowArtifactModule],
})
export class MlflowModule {}
