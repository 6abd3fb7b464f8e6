import type { ServiceName } from '@gimbal/contracts';
import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { databaseConfig } from '../config/database.config.js';
import type { ConfigOf } from '../config/define-config.js';
import { DatabaseFailureInterceptor } from '../database-failure/database-failure.interceptor.js';
import { type HealthIndicator, HealthRegistry } from '../health/health-registry.js';
import { CONFIG, SERVICE_NAME } from '../start-service/tokens.js';

/** Of a service's own database, the least that its life and health need. */
export interface LivingDatabase {
  /** Rejects when the database can't be asked now. */
  ping(): Promise<void>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** What a service's database client is made of. */
export interface DatabaseSettings {
  readonly connectionString: string;
  readonly poolMax: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
}

type ConfigWithDatabase = ConfigOf<{ readonly database: typeof databaseConfig }>;

const DATABASE = Symbol('gimbal:database');
const WHEN_DOWN = Symbol('gimbal:database-when-down');

/** Says whether the database answers, and closes it after everything that uses it. */
@Injectable()
class DatabaseLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: LivingDatabase,
    @Inject(WHEN_DOWN) private readonly whenDown: HealthIndicator['whenDown'],
    private readonly health: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.health.register({ name: 'database', whenDown: this.whenDown, check: () => this.database.ping() });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/**
 * Makes a service's database injectable everywhere, watches its health, closes it, and lets every route answer 503
 * `database-unavailable` while it is away. The service's configuration must have the group `database`.
 */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class DatabaseModule {
  /**
   * @param provide the class that is injected. It connects with its first query, so that the service starts without PostgreSQL
   * @param whenDown what the service is without it
   */
  static forRoot(
    provide: new (settings: DatabaseSettings) => LivingDatabase,
    whenDown: HealthIndicator['whenDown'],
  ): DynamicModule {
    const database = {
      provide,
      inject: [CONFIG, SERVICE_NAME],
      useFactory: ({ database: { url, poolMax } }: ConfigWithDatabase, name: ServiceName) =>
        new provide({ connectionString: url, poolMax, applicationName: `gimbal-${name}` }),
    };
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        database,
        { provide: DATABASE, useExisting: provide },
        { provide: WHEN_DOWN, useValue: whenDown },
        DatabaseLifecycle,
        { provide: APP_INTERCEPTOR, useClass: DatabaseFailureInterceptor },
      ],
      exports: [provide],
    };
  }
}
