import { createDatabaseClient } from '@gimbal/db';
import { CONFIG, HealthRegistry } from '@gimbal/platform';
import { Global, Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { Database } from './database.js';

/** Says whether the database answers, and closes it after everything that uses it. */
@Injectable()
class DatabaseLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly health: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.health.register({ name: 'database', whenDown: 'unready', check: () => this.database.ping() });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [CONFIG],
      useFactory: ({ database: { url, poolMax } }: TrainingConfig) =>
        new Database(createDatabaseClient({ connectionString: url, poolMax, applicationName: 'gimbal-training' })),
    },
    DatabaseLifecycle,
  ],
  exports: [Database],
})
export class DatabaseModule {}
