import { configGroup } from './define-config.js';
import { integerText, setting } from './setting.js';

/** Files that pass through as they come. */
export const streamsConfig = configGroup('File streams', {
  idleMs: setting('STREAM_IDLE_TIMEOUT', integerText(1_000, 3_600_000).default(120_000), {
    description:
      "How long an artifact of MLflow's clients may stand still on its way, up or down, before its connection is cut; as a whole it may take as long as it likes.",
    unit: 'ms',
  }),
});
