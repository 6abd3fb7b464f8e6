import { createDatabaseClient } from '@gimbal/db';
import { CONFIG } from '@gimbal/platform';
import { Global, Module } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { DATABASE_CLIENT, Database } from './database.js';

@Global()
@Module({
  providers: [
    Database,
    {
      provide: DATABASE_CLIENT,
      inject: [CONFIG],
      useFactory: ({ database }: TrainingConfig) =>
        createDatabaseClient({
          connectionString: database.url,
          poolMax: database.poolMax,
          applicationName: 'gimbal-training',
        }),
    },
  ],
  exports: [Database],
})
export class DatabaseModule {}
