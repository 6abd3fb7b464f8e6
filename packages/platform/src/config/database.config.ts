import { configGroup } from './define-config.js';
import { integerText, secretSetting, setting, urlText } from './setting.js';

/** The PostgreSQL of a service. */
export const databaseConfig = configGroup('Database', {
  url: secretSetting('DATABASE_URL', urlText('postgres:', 'postgresql:'), {
    description: 'PostgreSQL, as the role of this service: postgresql://role:password@host:port/database.',
  }),
  poolMax: setting('DATABASE_POOL_MAX', integerText(1, 100).default(4), {
    description: 'Most connections this process opens for its own tables.',
    unit: 'connections',
  }),
});
