import type { ConfigOf } from '../config/define-config.js';
import type { queueConfig } from '../config/queue.config.js';
import { PostgresQueueBackend } from './postgres-queue.backend.js';
import type { QueueBackend } from './queue-backend.js';
import { RedisQueueBackend } from './redis-queue.backend.js';

export type QueueSettings = ConfigOf<{ queue: typeof queueConfig }>['queue'];

/** Redis when it is configured, else PostgreSQL. Throws when neither is. Connects on first use. */
export function queueBackendOf(settings: QueueSettings): QueueBackend {
  const { redisUrl, redisHost, redisPort, redisPassword, redisDatabase, postgresUrl } = settings;
  if (redisUrl !== undefined) return new RedisQueueBackend({ url: redisUrl });
  if (redisHost !== undefined)
    return new RedisQueueBackend({
      host: redisHost,
      port: redisPort,
      password: redisPassword,
      database: redisDatabase,
    });
  if (postgresUrl !== undefined) return new PostgresQueueBackend({ connectionString: postgresUrl });
  throw new Error('Jobs need REDIS_URL, REDIS_HOST or DATABASE_URL.');
}
