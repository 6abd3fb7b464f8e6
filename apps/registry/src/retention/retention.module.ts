import { Module } from '@nestjs/common';
import { RetentionController } from './retention.controller.js';
import { RetentionService } from './retention.service.js';
import { RetentionRuns } from './retention-runs.js';

@Module({ controllers: [RetentionController], providers: [RetentionService, RetentionRuns] })
export class RetentionModule {}
