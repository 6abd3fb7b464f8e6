import { Module } from '@nestjs/common';
import { ExperimentController } from './experiment.controller.js';
import { ExperimentService } from './experiment.service.js';
import { RunController } from './run.controller.js';
import { RunService } from './run.service.js';
import { RunArtifactController } from './run-artifact.controller.js';
import { RunHistoryService } from './run-history.service.js';
import { RunLog } from './run-log.js';

@Module({
  controllers: [ExperimentController, RunController, RunArtifactController],
  providers: [ExperimentService, RunService, RunHistoryService, RunLog],
  exports: [RunLog],
})
export class ExperimentModule {}
