import type { BlockList } from 'node:net';
import { type ConfigOf, LOGGER, type Logger, type queueConfig } from '@gimbal/platform';
import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { MemoryRateLimiter } from '../rate-limit/memory-rate-limiter.js';
import { RATE_LIMITERS, type RateLimiter } from '../rate-limit/rate-limiter.js';
import { RedisRateLimiter } from '../rate-limit/redis-rate-limiter.client.js';
import type { WindowLimit } from '../rate-limit/sliding-window.js';
import { DOOR_OPTIONS, Door, type Traffic } from './door.service.js';

export interface DoorModuleOptions {
  readonly limits: Readonly<Record<Traffic, WindowLimit>>;
  /** Wrong keys per address. */
  readonly failures: WindowLimit;
  readonly trustedProxies: BlockList;
  /** Limits are shared through Redis when it is configured. */
  readonly queue: ConfigOf<{ queue: typeof queueConfig }>['queue'];
}

const REDIS = Symbol('gateway:rate-limit-redis');

@Injectable()
class RedisLifecycle implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis | null) {}

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}

async function connect({
  redisUrl,
  redisHost,
  redisPort,
  redisPassword,
  redisDatabase,
}: DoorModuleOptions['queue']): Promise<Redis | null> {
  if (redisUrl === undefined && redisHost === undefined) return null;
  const { Redis } = await import('ioredis');
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0, connectTimeout: 2_000 };
  const redis =
    redisUrl === undefined
      ? new Redis({
          ...options,
          host: redisHost ?? 'localhost',
          port: redisPort,
          db: redisDatabase,
          ...(redisPassword !== undefined && { password: redisPassword }),
        })
      : new Redis(redisUrl, options);
  // Without a listener ioredis prints every failed attempt; the limiter tells when Redis goes and comes.
  return redis.on('error', () => undefined);
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class DoorModule {
  /** Makes {@link Door} injectable everywhere. Needs `AccessModule`. */
  static forRoot(options: DoorModuleOptions): DynamicModule {
    const limiter = (limit: WindowLimit, redis: Redis | null, logger: Logger): RateLimiter => {
      const fallback = new MemoryRateLimiter(limit);
      if (!redis) return fallback;
      const onChange = (state: 'shared' | 'alone', reason?: unknown) =>
        state === 'alone'
          ? logger.warn({ err: reason }, 'Redis does not answer; this gateway counts rate limits by itself')
          : logger.info('rate limits are shared through Redis');
      return new RedisRateLimiter({ redis, limit, fallback, onChange });
    };
    const limiters = (redis: Redis | null, logger: Logger): Readonly<Record<Traffic, RateLimiter>> => ({
      asking: limiter(options.limits.asking, redis, logger),
      tracking: limiter(options.limits.tracking, redis, logger),
      signed: limiter(options.limits.signed, redis, logger),
    });
    return {
      module: DoorModule,
      global: true,
      providers: [
        { provide: REDIS, useFactory: () => connect(options.queue) },
        { provide: RATE_LIMITERS, inject: [REDIS, LOGGER], useFactory: limiters },
        {
          provide: DOOR_OPTIONS,
          useValue: { trustedProxies: options.trustedProxies, failures: new MemoryRateLimiter(options.failures) },
        },
        RedisLifecycle,
        Door,
      ],
      exports: [Door],
    };
  }
}
