import { Module } from '@nestjs/common';
import { PredictionLogModule } from '../prediction-log/prediction-log.module.js';
import { ReplayController } from './replay.controller.js';
import { ReplayService } from './replay.service.js';
import { ReplayedVersionRepository } from './replayed-version.repository.js';

/** Answers of the past, computed again. */
@Module({
  imports: [PredictionLogModule],
  controllers: [ReplayController],
  providers: [ReplayService, ReplayedVersionRepository],
})
export class ReplayModule {}
