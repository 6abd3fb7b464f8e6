import { configGroup, frameAddressesText, integerText, setting } from '@gimbal/platform';

/** How predictions reach serving. */
export const dataPlaneConfig = configGroup('Data plane', {
  serving: setting('SERVING_FRAMES', frameAddressesText.prefault('127.0.0.1:7010'), {
    description:
      'Where the replicas of serving take predictions, comma-separated: host:port (a name stands for all its addresses and is looked up every 2 s) or the absolute path of a Unix socket.',
  }),
  framesInFlightMax: setting('SERVING_FRAMES_IN_FLIGHT', integerText(1, 16).default(4), {
    description: 'Frames on their way to serving before requests gather for the next one.',
    unit: 'frames',
  }),
  requestsMax: setting('PREDICT_REQUESTS_MAX', integerText(1, 1_000_000).default(8_192), {
    description: 'Prediction requests under way at once at one replica; one more is answered 503 overloaded.',
    unit: 'requests',
  }),
  bodyLimitBytes: setting('PREDICT_BODY_LIMIT', integerText(1_024, 67_000_000).default(8_388_608), {
    description: 'Largest body of a prediction request, as it comes and uncompressed; a larger one is answered 413.',
    unit: 'bytes',
  }),
  answerTimeoutMs: setting('PREDICT_TIMEOUT', integerText(100, 600_000).default(10_000), {
    description:
      'Time serving has to answer a prediction; after it the caller gets 504. A caller may ask for less by X-Request-Timeout-Ms.',
    unit: 'ms',
  }),
  queueBudgetMs: setting('PREDICT_QUEUE_BUDGET', integerText(10, 600_000).default(2_000), {
    description:
      'Longest time a prediction may wait for those before it that ask the same model; one that would wait longer is answered 503 overloaded.',
    unit: 'ms',
  }),
});
