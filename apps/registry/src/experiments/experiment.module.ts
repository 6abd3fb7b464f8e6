import { Module } from '@nestjs/common';
import { ArtifactModule } from '../artifacts/artifact.module.js';
import { ExperimentController } from './experiment.controller.js';
import { ExperimentService } from './experiment.service.js';
import { RunController } from './run.controller.js';
import { RunService } from './run.service.js';
import { RunArtifactController } from './run-artifact.controller.js';
import { RunHistoryService } from './run-history.service.js';
import { RunWriter } from './run-writer.js';

@Module({
  imports: [ArtifactModule],
  controllers: [ExperimentController, RunController, RunArtifactController],
  providers: [ExperimentService, RunService, RunHistoryService, RunWriter],
  exports: [RunWriter],
})
export class ExperimentModule {}
