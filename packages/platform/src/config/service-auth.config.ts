import { z } from 'zod';
import { configGroup } from './define-config.js';
import { secretSetting, setting } from './setting.js';

/** `gateway:<sha256>,agent:<sha256>` -> name to digest. */
export const keyDigestsText = z
  .string()
  .default('')
  .transform((text, context) => {
    const callers = new Map<string, Buffer>();
    for (const entry of text.split(',').map((part) => part.trim())) {
      if (entry === '') continue;
      const [, name, digest] = /^([a-z][a-z0-9-]{0,39}):([0-9a-f]{64})$/.exec(entry) ?? [];
      if (name === undefined || digest === undefined || callers.has(name)) {
        context.addIssue('must be a list name:sha256hex,name:sha256hex with each name once');
        return z.NEVER;
      }
      callers.set(name, Buffer.from(digest, 'hex'));
    }
    return callers as ReadonlyMap<string, Buffer>;
  });

/** Which services may call this one, and the key with which this one calls the others. */
export const serviceAuthConfig = configGroup('Service keys', {
  serviceKey: secretSetting(
    'GIMBAL_SERVICE_KEY',
    z.string().min(16, 'must have at least 16 characters').max(512).optional(),
    {
      description:
        'Key with which this service calls the others (sent as Authorization: Bearer). Unset: it calls nobody.',
    },
  ),
  trustedCallers: setting('GIMBAL_TRUSTED_CALLERS', keyDigestsText, {
    description: "Who may call this service: name:sha256hex of the caller's key, comma-separated. Empty: nobody.",
  }),
});
