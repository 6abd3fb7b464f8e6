import { configGroup, frameAddressText, integerText, setting } from '@gimbal/platform';

/** How predictions reach serving. */
export const dataPlaneConfig = configGroup('Data plane', {
  serving: setting('SERVING_FRAMES', frameAddressText.default('127.0.0.1:7010'), {
    description: 'Where serving takes predictions: host:port or the absolute path of a Unix socket.',
  }),
  framesInFlightMax: setting('SERVING_FRAMES_IN_FLIGHT', integerText(1, 16).default(4), {
    description: 'Frames on their way to serving before requests gather for the next one.',
    unit: 'frames',
  }),
  requestsMax: setting('PREDICT_REQUESTS_MAX', integerText(1, 1_000_000).default(8_192), {
    description: 'Prediction requests under way at once; one more is answered 503 overloaded.',
    unit: 'requests',
  }),
  bodyLimitBytes: setting('PREDICT_BODY_LIMIT', integerText(1_024, 67_000_000).default(8_388_608), {
    description: 'Largest body of a prediction request, as it comes and uncompressed; a larger one is answered 413.',
    unit: 'bytes',
  }),
  answerTimeoutMs: setting('PREDICT_TIMEOUT', integerText(100, 600_000).default(10_000), {
    description: 'Time serving has to answer a prediction; after it the caller gets 504.',
    unit: 'ms',
  }),
});
