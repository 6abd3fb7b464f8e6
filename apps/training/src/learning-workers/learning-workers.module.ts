import { CONFIG } from '@gimbal/platform';
import { Global, Inject, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { WorkerPool } from './worker-pool.js';

const SCRIPT = new URL('./learning.worker.js', import.meta.url);

/** Ends the threads with the application: first of all, so that runs under way stop. */
@Injectable()
class WorkersLifecycle implements OnModuleDestroy {
  constructor(@Inject(WorkerPool) private readonly pool: WorkerPool) {}

  async onModuleDestroy(): Promise<void> {
    await this.pool.close();
  }
}

@Global()
@Module({
  providers: [
    {
      provide: WorkerPool,
      inject: [CONFIG],
      useFactory: ({ training }: TrainingConfig) => new WorkerPool(training.workers, SCRIPT),
    },
    WorkersLifecycle,
  ],
  exports: [WorkerPool],
})
export class LearningWorkersModule {}
