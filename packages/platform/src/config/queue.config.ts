import { z } from 'zod';
import { configGroup } from './define-config.js';
import { integerText, secretSetting, setting, urlText } from './setting.js';

/** Where jobs travel: Redis when REDIS_URL or REDIS_HOST is set, else the PostgreSQL of DATABASE_URL. */
export const queueConfig = configGroup('Queue', {
  redisUrl: secretSetting('REDIS_URL', urlText('redis:', 'rediss:').optional(), {
    description:
      'Redis for jobs, for example redis://localhost:6379/0. Unset (and no REDIS_HOST): jobs travel through PostgreSQL.',
  }),
  redisHost: setting('REDIS_HOST', z.string().max(255).optional(), {
    description: 'Redis by parts instead of REDIS_URL.',
  }),
  redisPort: setting('REDIS_PORT', integerText(1, 65_535).default(6379), { description: 'Port for REDIS_HOST.' }),
  redisPassword: secretSetting('REDIS_PASSWORD', z.string().max(512).optional(), {
    description: 'Password for REDIS_HOST.',
  }),
  redisDatabase: setting('REDIS_DB', integerText(0, 1023).default(0), {
    description: 'Database number for REDIS_HOST.',
  }),
  postgresUrl: secretSetting('DATABASE_URL', urlText('postgres:', 'postgresql:').optional(), {
    description: 'PostgreSQL that carries the jobs when there is no Redis.',
  }),
});
