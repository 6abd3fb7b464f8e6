import { DatabaseModule, JobsModule, OutboxModule } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { ClientsModule } from './clients/clients.module.js';
import type { TrainingConfig } from './config.js';
import { Database } from './database/database.js';
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
        DatabaseModule.forRoot(Database, 'unready'),
        JobsModule.forRoot(queue),
        OutboxModule.forRoot(database.url),
        ClientsModule,
        ModelConfigModule,
        LearningWorkersModule,
        trainingJobs(training.runsMax),
      ],
    };
  }
}
