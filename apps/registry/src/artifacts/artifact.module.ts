import { Module } from '@nestjs/common';
import { ArtifactController } from './artifact.controller.js';

@Module({ controllers: [ArtifactController] })
export class ArtifactModule {}
