import { type DynamicModule, Module } from '@nestjs/common';
import { MlflowFileRoutes } from './mlflow-file-routes.js';
import { MlflowPort } from './mlflow-port.js';
import { MLFLOW_OPTIONS, type MlflowOptions, MlflowRoutes } from './mlflow-routes.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class MlflowModule {
  /** Needs `DoorModule`. @param imports where `OwnerClient` comes from */
  static of(options: MlflowOptions, imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    return {
      module: MlflowModule,
      imports,
      providers: [{ provide: MLFLOW_OPTIONS, useValue: options }, MlflowRoutes, MlflowFileRoutes, MlflowPort],
      exports: [MlflowRoutes, MlflowFileRoutes],
    };
  }
}
