import { JobsModule, OutboxModule } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditModule } from './audit/audit.module.js';
import { ClientsModule } from './clients/clients.module.js';
import type { TrainingConfig } from './config.js';
import { DatabaseModule } from './database/database.module.js';
import { DatabaseFailureInterceptor } from './database/database-failure.interceptor.js';
import { trainingJobs } from './jobs/training-jobs.module.js';
import { LearningWorkersModule } from './learning-workers/learning-workers.module.js';
import { ModelConfigModule } from './model-config/model-config.module.js';

/** Learns: runs, schedules, data and the worker threads. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class TrainingModule {
  static of({ database, queue, training }: TrainingConfig): DynamicModule {
    return {
      module: TrainingModule,
      imports: [
        DatabaseModule,
        JobsModule.forRoot(queue),
        OutboxModule.forRoot(database.url),
        AuditModule,
        ClientsModule,
        ModelConfigModule,
        LearningWorkersModule,
        trainingJobs(training.runsMax),
      ],
      providers: [{ provide: APP_INTERCEPTOR, useClass: DatabaseFailureInterceptor }],
    };
  }
}
