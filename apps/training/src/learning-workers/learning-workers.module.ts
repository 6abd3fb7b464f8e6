import { CONFIG } from '@gimbal/platform';
import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { WorkerPool } from './worker-pool.js';

const SCRIPT = new URL('./learning.worker.js', import.meta.url);

/** Ends the threads last: runs under way are told to stop before, and stop their tasks themselves. */
@Injectable()
class WorkersLifecycle implements OnApplicationShutdown {
  constructor(@Inject(WorkerPool) private readonly pool: WorkerPool) {}

  async onApplicationShutdown(): Promise<void> {
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
