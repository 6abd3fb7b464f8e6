import { createDatabaseClient, type PrismaClient } from '@gimbal/db';
import { HealthRegistry } from '@gimbal/platform';
import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';

/** Injects the database client: `@Inject(DATABASE) database: PrismaClient`. */
export const DATABASE = Symbol('gateway:database');

@Injectable()
class DatabaseLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: PrismaClient,
    private readonly health: HealthRegistry,
  ) {}

  onApplicationBootstrap(): void {
    // Without PostgreSQL predictions go on for known keys: the door stays open, with less behind it.
    this.health.register({
      name: 'postgres',
      whenDown: 'degraded',
      check: async () => {
        await this.database.$queryRaw`SELECT 1`;
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.$disconnect();
  }
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class DatabaseModule {
  /** Makes the client injectable everywhere. Connects with the first query. */
  static forRoot(options: { readonly url: string; readonly poolMax: number }): DynamicModule {
    const client = {
      provide: DATABASE,
      useFactory: () =>
        createDatabaseClient({
          connectionString: options.url,
          poolMax: options.poolMax,
          connectTimeoutMs: 2_000,
          applicationName: 'gimbal-gateway',
        }),
    };
    return { module: DatabaseModule, global: true, providers: [client, DatabaseLifecycle], exports: [DATABASE] };
  }
}
