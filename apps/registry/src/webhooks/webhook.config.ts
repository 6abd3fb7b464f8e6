import { configGroup, flagText, integerText, secretSetting, setting } from '@gimbal/platform';
import { z } from 'zod';

/** Host names and addresses, comma-separated, in lower case. */
const hostsText = z
  .string()
  .default('')
  .transform(
    (text) =>
      new Set(
        text
          .toLowerCase()
          .split(',')
          .flatMap((host) => host.trim() || []),
      ),
  );

/** Receivers of what happens in the registry. */
export const webhookConfig = configGroup('Webhooks', {
  secretKey: secretSetting('WEBHOOK_SECRET_KEY', z.string().min(32, 'must have at least 32 characters').optional(), {
    description:
      'Encrypts the secrets that deliveries are signed with, in the database. Unset: webhooks with a secret are refused. `npm start` makes one.',
  }),
  allowedHosts: setting('WEBHOOK_ALLOWED_HOSTS', hostsText, {
    description:
      'Hosts, comma-separated, that webhooks may call though their addresses are not of the public internet: receivers inside. Empty: none.',
  }),
  httpAllowed: setting('WEBHOOK_HTTP_ALLOWED', flagText().default(false), {
    description: 'Whether webhooks may have http addresses besides https ones.',
  }),
  timeoutMs: setting('WEBHOOK_TIMEOUT', integerText(100, 60_000).default(10_000), {
    description: 'How long one try of a delivery may take.',
    unit: 'ms',
  }),
  maxAgeSeconds: setting('WEBHOOK_MAX_AGE', integerText(1, 2_592_000).default(86_400), {
    description: 'How long a delivery is tried again before it is given up.',
    unit: 's',
  }),
});
