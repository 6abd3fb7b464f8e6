import { Module } from '@nestjs/common';
import { ArtifactModule } from '../../artifacts/artifact.module.js';
import { ArtifactHandlers } from './artifact.handlers.js';
import { FileRoutes } from './file-routes.js';
import { MultipartHandlers } from './multipart.handlers.js';
import { PartAddress } from './part-address.js';
import { VersionFiles } from './version-files.js';

/** MLflow's protocol for files: of runs, of logged models, of registered versions. */
@Module({
  imports: [ArtifactModule],
  providers: [ArtifactHandlers, FileRoutes, MultipartHandlers, PartAddress, VersionFiles],
  exports: [ArtifactHandlers, FileRoutes],
})
export class MlflowArtifactModule {}
