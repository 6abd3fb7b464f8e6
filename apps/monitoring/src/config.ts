import {
  artifactsConfig,
  breakerConfig,
  type ConfigOf,
  configGroup,
  databaseConfig,
  defineConfig,
  httpConfig,
  integerText,
  numberText,
  queueConfig,
  type ServiceConfig,
  secretSetting,
  setting,
  urlText,
} from '@gimbal/platform';
import { z } from 'zod';

const httpWithLabels = configGroup('HTTP', {
  ...httpConfig.settings,
  bodyLimitBytes: setting('HTTP_BODY_LIMIT', integerText(1024, 1_073_741_824).default(4_194_304), {
    description: 'Largest request body that is read; a larger one is answered 413. 10 000 labels take about 1.2 MB.',
    unit: 'bytes',
  }),
});

const servicesConfig = configGroup('Services', {
  registryUrl: setting('REGISTRY_URL', urlText('http:', 'https:'), {
    description: 'Registry: the reference profile of a version is fetched from it, once.',
  }),
  servingUrl: setting('SERVING_URL', urlText('http:', 'https:'), {
    description: 'Serving: asked to compute a logged prediction again.',
  }),
});

const predictionLogConfig = configGroup('Prediction log', {
  retentionDays: setting('PREDICTION_RETENTION_DAYS', integerText(0, 36_500).default(0), {
    description:
      'Predictions and labels of older UTC days are deleted; 0 keeps them for ever. Assessments and retraining look at what is kept: keep more than ASSESSMENT_LABEL_HOURS_MAX.',
    unit: 'days',
  }),
});

/** An address with a name and a password would be shown wherever the address is. */
const sinkUrl = urlText('http:', 'https:').refine((text) => URL.canParse(text) && new URL(text).username === '', {
  error: 'must not hold a name or a password: use PAYLOAD_LOG_TOKEN',
});

const payloadLogConfig = configGroup('Payload log', {
  url: secretSetting('PAYLOAD_LOG_URL', sinkUrl.optional(), {
    description:
      'Sink of the payload log: each logged prediction is sent there as two CloudEvents. Unset: none is sent.',
  }),
  token: secretSetting('PAYLOAD_LOG_TOKEN', z.string().min(1).max(4_096).optional(), {
    description: 'Sent to the sink as Authorization: Bearer.',
  }),
  samplingPercent: setting('PAYLOAD_LOG_PERCENT', numberText(0, 100).default(100), {
    description: 'Share of the requests that are sent; all rows of a request share its lot.',
    unit: '%',
  }),
  rowsMax: setting('PAYLOAD_LOG_QUEUE_ROWS', integerText(1, 1_000_000).default(10_000), {
    description: 'Most rows that wait in memory for the sink; what is beyond is dropped and counted.',
    unit: 'rows',
  }),
  timeoutMs: setting('PAYLOAD_LOG_TIMEOUT', integerText(100, 60_000).default(10_000), {
    description: 'Longest wait for an answer of the sink.',
    unit: 'ms',
  }),
});

const assessmentConfig = configGroup('Assessments', {
  intervalMinutes: setting('ASSESSMENT_INTERVAL_MINUTES', integerText(1, 1_440).default(15), {
    description: 'How often every live model is assessed that has new predictions or labels.',
    unit: 'min',
  }),
  windowHours: setting('ASSESSMENT_WINDOW_HOURS', integerText(1, 720).default(24), {
    description: 'Shortest current window: how far back an assessment looks that is not told otherwise.',
    unit: 'h',
  }),
  windowHoursMax: setting('ASSESSMENT_WINDOW_HOURS_MAX', integerText(1, 8_760).default(168), {
    description: 'How far a current window is stretched back while it holds fewer predictions than wanted.',
    unit: 'h',
  }),
  labelHoursMax: setting('ASSESSMENT_LABEL_HOURS_MAX', integerText(1, 8_760).default(720), {
    description:
      'How far back a current window looks for labelled predictions: labels come later than predictions, so performance looks further.',
    unit: 'h',
  }),
  rowsWanted: setting('ASSESSMENT_ROWS_WANTED', integerText(1, 1_000_000).default(500), {
    description: 'Predictions (and labelled ones) from which a current window is not stretched further.',
    unit: 'rows',
  }),
  rowsMax: setting('ASSESSMENT_ROWS_MAX', integerText(1_000, 1_000_000).default(20_000), {
    description: 'Most rows of a window that are looked at; a larger window is sampled evenly, and says so.',
    unit: 'rows',
  }),
});

export const monitoringConfig = defineConfig({
  http: httpWithLabels,
  database: databaseConfig,
  queue: queueConfig,
  breaker: breakerConfig,
  artifacts: artifactsConfig,
  services: servicesConfig,
  predictionLog: predictionLogConfig,
  payloadLog: payloadLogConfig,
  assessment: assessmentConfig,
});
export type MonitoringConfig = ServiceConfig<typeof monitoringConfig>;
export type AssessmentSettings = ConfigOf<typeof monitoringConfig>['assessment'];
