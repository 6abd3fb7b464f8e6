import { Module } from '@nestjs/common';
import { MLFLOW_HANDLERS, MlflowRoutes } from './mlflow-routes.js';

/** Every feature of MLflow's shell brings the handlers of its routes; here they become one. */
@Module({
  providers: [{ provide: MLFLOW_HANDLERS, useFactory: () => ({}) }, MlflowRoutes],
  exports: [MlflowRoutes],
})
export class MlflowModule {}
