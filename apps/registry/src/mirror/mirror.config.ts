import { configGroup, integerText, secretSetting, setting, urlText } from '@gimbal/platform';
import { z } from 'zod';

/** The outside MLflow server that is told what is written here. */
export const mirrorConfig = configGroup('MLflow mirror', {
  trackingUri: secretSetting('MLFLOW_TRACKING_URI', urlText('http:', 'https:').optional(), {
    description:
      'An MLflow server (2.22 or newer) that is told everything written here; `user:password@` is sent as Basic authentication. Not set: none is.',
  }),
  token: secretSetting('MLFLOW_TRACKING_TOKEN', z.string().min(1).max(4096).optional(), {
    description: 'Sent to that server as a Bearer token.',
  }),
  timeoutMs: setting('MLFLOW_TIMEOUT', integerText(100, 600_000).default(10_000), {
    description: 'Time for one request to that server; for a file, how long it may stand still.',
    unit: 'ms',
  }),
  intervalMs: setting('MLFLOW_SYNC_INTERVAL', integerText(50, 60_000).default(1_000), {
    description: 'How often the mirror looks for what changed while it has nothing to do.',
    unit: 'ms',
  }),
  alertAfterSeconds: setting('MLFLOW_ALERT_AFTER', integerText(1, 86_400).default(300), {
    description: 'An alert is raised when that server is away, or the oldest change waits, for longer.',
    unit: 's',
  }),
});
