import { Module } from '@nestjs/common';
import { ArtifactController } from './artifact.controller.js';
import { ArtifactFiles } from './artifact-files.service.js';
import { ArtifactSweeps } from './artifact-sweeps.js';
import { MultipartUploads } from './multipart-uploads.service.js';
import { UnnamedContent } from './unnamed-content.service.js';

@Module({
  controllers: [ArtifactController],
  providers: [ArtifactFiles, ArtifactSweeps, MultipartUploads, UnnamedContent],
  exports: [ArtifactFiles, MultipartUploads],
})
export class ArtifactModule {}
