import { createDatabaseClient } from '@gimbal/db';
import { type DynamicModule, Module } from '@nestjs/common';
import { DATABASE_CLIENT, Database } from './database.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class DatabaseModule {
  /** Makes {@link Database} injectable everywhere. Connects with the first query. */
  static forRoot({ url, poolMax }: { readonly url: string; readonly poolMax: number }): DynamicModule {
    const useFactory = () =>
      createDatabaseClient({ connectionString: url, poolMax, applicationName: 'gimbal-monitoring' });
    return {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: DATABASE_CLIENT, useFactory }, Database],
      exports: [Database],
    };
  }
}
