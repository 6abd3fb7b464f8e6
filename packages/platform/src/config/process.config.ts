import { z } from 'zod';
import { configGroup } from './define-config.js';
import { flagText, integerText, setting } from './setting.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const logLevel = z
  .string()
  .default('info')
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }));

/** How a service logs, lives and dies. */
export const processConfig = configGroup('Process', {
  logLevel: setting('LOG_LEVEL', logLevel, { description: `Least level that is logged: ${LOG_LEVELS.join(', ')}.` }),
  shutdownDeadlineMs: setting('SHUTDOWN_DEADLINE', integerText(100, 600_000).default(10_000), {
    description:
      'Time a service has to finish its work after SIGTERM; after it the process ends by force with exit code 124.',
    unit: 'ms',
  }),
  supervised: setting('GIMBAL_SUPERVISED', flagText().default(false), {
    description: 'The service ends itself when the process that started it is gone (its IPC channel or stdin closes).',
  }),
  version: setting('APP_VERSION', z.string().max(64).default('0.1.0'), { description: 'Version shown by /health.' }),
});
