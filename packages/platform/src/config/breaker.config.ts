import { configGroup } from './define-config.js';
import { integerText, setting } from './setting.js';

/** When a client stops calling a service that fails. */
export const breakerConfig = configGroup('Circuit breaker', {
  failureThreshold: setting('CIRCUIT_BREAKER_FAILURE_THRESHOLD', integerText(1, 1_000).default(5), {
    description: 'Failures in a row after which a dependency is left alone.',
    unit: 'failures',
  }),
  recoverySeconds: setting('CIRCUIT_BREAKER_RECOVERY_TIMEOUT', integerText(1, 3_600).default(60), {
    description: 'Time after which one call tries a dependency again.',
    unit: 's',
  }),
});
