import { z } from 'zod';
import { configGroup } from './define-config.js';
import { integerText, setting } from './setting.js';

/** Settings of an HTTP listener; the gateway reads its own under other names. */
export function httpConfigFor(names: {
  readonly host: string;
  readonly port: string;
  readonly hostDefault: string;
  readonly portDefault: number;
  /** Default 30 000; longer where large files arrive. */
  readonly requestTimeoutMs?: number;
}) {
  return configGroup('HTTP', {
    host: setting(names.host, z.string().max(255).default(names.hostDefault), {
      description: 'Address the service listens on.',
    }),
    port: setting(names.port, integerText(0, 65_535).default(names.portDefault), {
      description: 'Port the service listens on; 0 takes a free one.',
    }),
    bodyLimitBytes: setting('HTTP_BODY_LIMIT', integerText(1024, 1_073_741_824).default(1_048_576), {
      description: 'Largest request body that is read; a larger one is answered 413.',
      unit: 'bytes',
    }),
    requestTimeoutMs: setting(
      'HTTP_REQUEST_TIMEOUT',
      integerText(1000, 3_600_000).default(names.requestTimeoutMs ?? 30_000),
      {
        description: 'Time a client has to send its whole request, a file included.',
        unit: 'ms',
      },
    ),
  });
}

export const httpConfig = httpConfigFor({ host: 'HOST', port: 'PORT', hostDefault: '127.0.0.1', portDefault: 0 });
