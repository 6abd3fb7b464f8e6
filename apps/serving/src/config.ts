import { ModelName } from '@gimbal/contracts';
import {
  breakerConfig,
  configGroup,
  frameAddressText,
  integerText,
  keyDigestsText,
  numberText,
  queueConfig,
  type ServiceConfig,
  setting,
  urlText,
} from '@gimbal/platform';
import { z } from 'zod';
import { METRIC_DIALECTS } from './monitoring/foreign-metrics.js';

const dialectList = z
  .string()
  .default('')
  .transform((text) => [...new Set(text.split(',').flatMap((word) => word.trim() || []))])
  .pipe(z.array(z.enum(METRIC_DIALECTS, { error: `must be a list of ${METRIC_DIALECTS.join(', ')}` })));

const MEBIBYTE = 1_048_576;

/** Where predictions come in and how their rows are run. */
const predictConfig = configGroup('Predictions', {
  frames: setting('SERVING_FRAMES', frameAddressText.default('127.0.0.1:7010'), {
    description: 'Where predictions are taken from the gateway: host:port or the absolute path of a Unix socket.',
  }),
  defaultModel: setting('DEFAULT_MODEL', ModelName.default('heart-disease'), {
    description: 'Model behind POST /predict.',
  }),
  intentModel: setting('INTENT_MODEL', ModelName.default('intent-classifier'), {
    description: 'Model behind POST /predict/intent.',
  }),
  anomalyModel: setting('ANOMALY_MODEL', ModelName.default('anomaly-detector'), {
    description: 'Model behind POST /predict/anomaly.',
  }),
  rowsMax: setting('PREDICT_ROWS_MAX', integerText(1, 10_000).default(10_000), {
    description: 'Most rows of one request.',
    unit: 'rows',
  }),
  streamRowsMax: setting('PREDICT_STREAM_ROWS_MAX', integerText(1, 1_000_000).default(100_000), {
    description: 'Most rows of one request that is answered as a stream.',
    unit: 'rows',
  }),
  streamsMax: setting('PREDICT_STREAMS_MAX', integerText(1, 1_000).default(16), {
    description:
      'Streams of predictions open at once, each of which holds the rows of its request; one more is answered 503 overloaded.',
    unit: 'streams',
  }),
  bodyLimitBytes: setting('PREDICT_BODY_LIMIT', integerText(1_024, 67_000_000).default(8 * MEBIBYTE), {
    description: 'Largest body of a prediction request, as it comes and uncompressed; a larger one is answered 413.',
    unit: 'bytes',
  }),
  batchRowsMax: setting('SERVING_BATCH_MAX_ROWS', integerText(1, 4_096).default(256), {
    description: 'Most rows of one run of a model.',
    unit: 'rows',
  }),
  waitingRowsMax: setting('SERVING_QUEUE_MAX_ROWS', integerText(1, 10_000_000).default(50_000), {
    description: 'Rows that may wait for one model version; a request beyond is answered 503 overloaded.',
    unit: 'rows',
  }),
  inlineMsMax: setting('SERVING_INLINE_LIMIT', numberText(0, 100).default(1), {
    description:
      'A model whose runs take less than this (the slowest of eight, measured at load) runs on the event loop, a slower one in a thread.',
    unit: 'ms',
  }),
  latencyObjectiveMs: setting('SERVING_LATENCY_OBJECTIVE', numberText(1, 600_000).default(50), {
    description:
      'Time in which a request is to be answered. Batches grow while a run takes less than half of it, and shrink when one takes longer.',
    unit: 'ms',
  }),
  queueTimeoutMs: setting('SERVING_QUEUE_TIMEOUT', integerText(1, 600_000).default(5_000), {
    description: 'Rows that wait longer for their run are answered 503 overloaded instead of run.',
    unit: 'ms',
  }),
  waitingRowsTotal: setting('SERVING_QUEUE_TOTAL_ROWS', integerText(1, 100_000_000).default(200_000), {
    description:
      'Rows that may wait for all models together; beyond, only a model for which none wait may still take some.',
    unit: 'rows',
  }),
  threads: setting('SERVING_THREADS', integerText(1, 64).default(4), {
    description:
      'Threads for models that are too slow for the event loop, each started when a model needs it. Models in different threads never wait for each other.',
    unit: 'threads',
  }),
  runTimeoutMs: setting('SERVING_RUN_TIMEOUT', integerText(10, 600_000).default(5_000), {
    description: 'A run in a thread that takes longer is given up and its thread started anew.',
    unit: 'ms',
  }),
  loadMemoryMb: setting('SERVING_LOAD_MEMORY', integerText(128, 1_048_576).default(2_048), {
    description:
      'Memory that a process may take which examines a model file, or runs a model with loops; a model that needs more is refused.',
    unit: 'MiB',
  }),
  loadTimeoutMs: setting('SERVING_LOAD_TIMEOUT', integerText(100, 600_000).default(30_000), {
    description: 'Time a model file has to be loaded and examined.',
    unit: 'ms',
  }),
  cacheSize: setting('CACHE_MAX_SIZE', integerText(0, 10_000_000).default(1_000), {
    description: 'Rows whose probability is remembered; 0 remembers none.',
    unit: 'rows',
  }),
  cacheTtlSeconds: setting('CACHE_DEFAULT_TTL', integerText(1, 31_536_000).default(3_600), {
    description: 'How long a probability is remembered.',
    unit: 's',
  }),
});

/** Serving's own door for callers inside the cluster. */
const ownHttpConfig = configGroup('Predictions without the gateway', {
  address: setting('SERVING_HTTP', frameAddressText.optional(), {
    description:
      'host:port at which serving itself answers the prediction routes over HTTP, without the gateway and its limits. Unset: nowhere.',
  }),
  keys: setting('SERVING_HTTP_KEYS', keyDigestsText, {
    description:
      'Who may predict there: name:sha256hex of the key, comma-separated. Empty: everybody on this machine, and SERVING_HTTP must be a loopback address.',
  }),
  connectionsMax: setting('SERVING_HTTP_CONNECTIONS', integerText(1, 100_000).default(4_096), {
    description: 'Most connections there; one more is closed at once.',
    unit: 'connections',
  }),
  idleMs: setting('SERVING_HTTP_IDLE', integerText(100, 3_600_000).default(72_000), {
    description: 'After this long without a request a connection there is closed.',
    unit: 'ms',
  }),
});

/** How predictions are explained. */
const explainConfig = configGroup('Explanations', {
  timeoutMs: setting('EXPLAIN_TIMEOUT', integerText(100, 600_000).default(20_000), {
    description: 'Time for the rows of one request, reading the model included; beyond, it is answered 504 timeout.',
    unit: 'ms',
  }),
  waitingMax: setting('EXPLAIN_QUEUE_MAX', integerText(1, 10_000).default(16), {
    description: 'Requests that may wait for their explanation; one beyond is answered 503 overloaded.',
    unit: 'requests',
  }),
  memoryMb: setting('EXPLAIN_MEMORY', integerText(64, 65_536).default(1_024), {
    description:
      'Memory that the explaining thread may take; a model that needs more is answered 409 explanation-unavailable.',
    unit: 'MiB',
  }),
});

/** When a version of a model is taken out of service, beside its failures in a row. */
const breakerWindowConfig = configGroup('Circuit breaker', {
  errorThreshold: setting('CIRCUIT_BREAKER_ERROR_THRESHOLD', numberText(0, 1).default(0.5), {
    description: 'Share of failed calls of a model version beyond which it is taken out of service.',
  }),
  windowSeconds: setting('CIRCUIT_BREAKER_WINDOW', integerText(1, 3_600).default(60), {
    description: 'The latest calls of which that share is taken.',
    unit: 's',
  }),
  minimumCalls: setting('CIRCUIT_BREAKER_MINIMUM_CALLS', integerText(1, 1_000_000).default(20), {
    description: 'Calls in that time below which their share says nothing.',
    unit: 'calls',
  }),
});

/** Where serving learns what is live. */
const trafficConfig = configGroup('Traffic plan', {
  registryUrl: setting('REGISTRY_URL', urlText('http:', 'https:').default('http://127.0.0.1:8010'), {
    description: 'The registry, which says what is live and holds the model files.',
  }),
  waitSeconds: setting('TRAFFIC_WAIT', integerText(0, 30).default(20), {
    description: 'How long the registry may hold the question "what is live?" until something changes.',
    unit: 's',
  }),
  retryMs: setting('TRAFFIC_RETRY', integerText(50, 60_000).default(2_000), {
    description: 'Pause after a failed question or a failed load.',
    unit: 'ms',
  }),
  directory: setting('MODEL_CACHE_DIR', z.string().max(4096).default('.gimbal/serving/models'), {
    description:
      'Folder for the last traffic plan and the files of the models in it, so that serving starts without the registry.',
  }),
  artifactBytesMax: setting('ARTIFACT_MAX_BYTES', integerText(1_024, 1_099_511_627_776).default(512 * MEBIBYTE), {
    description: 'Largest model file that is fetched.',
    unit: 'bytes',
  }),
  artifactsKept: setting('MODEL_CACHE_FILES', integerText(0, 10_000).default(20), {
    description: 'Files of versions that are out of traffic that are kept for a quick way back.',
    unit: 'files',
  }),
  artifactsBytesMax: setting('MODEL_CACHE_BYTES', integerText(1_024, 1_099_511_627_776).default(10_240 * MEBIBYTE), {
    description:
      'Bytes of all model files on disk; beyond, those not used for the longest time are deleted, and fetched again when they are asked for.',
    unit: 'bytes',
  }),
});

/** Which models are in memory. */
const memoryConfig = configGroup('Models in memory', {
  budgetMb: setting('MODEL_MEMORY_BUDGET', integerText(1, 1_048_576).default(512), {
    description:
      'Memory that loaded models may take, estimated from their files; beyond, those not asked for the longest time are unloaded, and loaded again when they are asked.',
    unit: 'MiB',
  }),
  preloadMax: setting('MODEL_PRELOAD', integerText(0, 100_000).default(16), {
    description:
      'Models that are loaded at the start, DEFAULT_MODEL and those used last; all others when they are first asked.',
    unit: 'models',
  }),
  loadWaitMs: setting('MODEL_LOAD_WAIT', integerText(1, 600_000).default(5_000), {
    description: 'How long a request waits for its model to be loaded; beyond, it is answered 503 no-model-available.',
    unit: 'ms',
  }),
});

/** The log that every answered prediction is in. */
const spoolConfig = configGroup('Prediction log', {
  directory: setting('SPOOL_DIR', z.string().max(4096).default('.gimbal/serving/spool'), {
    description: 'Folder of the prediction log; one serving process at a time.',
  }),
  sync: setting('SPOOL_SYNC', z.enum(['none', 'batch']).default('none'), {
    description:
      'none: an answered prediction survives the end of the process; batch: also of the machine (fdatasync before each batch of answers).',
  }),
  segmentBytesMax: setting('SPOOL_SEGMENT_BYTES', integerText(4_096, 1_073_741_824).default(8 * MEBIBYTE), {
    description: 'Size at which a file of the log is ended and another begun.',
    unit: 'bytes',
  }),
  segmentAgeSecondsMax: setting('SPOOL_SEGMENT_AGE', integerText(1, 86_400).default(60), {
    description: 'Age at which a file of the log is ended.',
    unit: 's',
  }),
  bytesMax: setting('SPOOL_MAX_BYTES', integerText(65_536, 1_099_511_627_776).default(1_024 * MEBIBYTE), {
    description: 'Most bytes of the log; beyond, predictions are answered 503 storage-full.',
    unit: 'bytes',
  }),
  rowsPerJob: setting('SPOOL_JOB_ROWS', integerText(1, 1_000).default(1_000), {
    description: 'Rows that travel together to monitoring.',
    unit: 'rows',
  }),
  shipDelayMs: setting('SPOOL_SHIP_DELAY', integerText(1, 60_000).default(250), {
    description: 'Longest time a logged row waits for company before it is shipped.',
    unit: 'ms',
  }),
});

/** What answers are proved by. */
const receiptsConfig = configGroup('Receipts', {
  keyFile: setting('RECEIPT_KEY_FILE', z.string().max(4096).default('.gimbal/serving/receipt-key.pem'), {
    description:
      'Ed25519 key (PEM, PKCS #8) that receipts are signed with; made when it is not there. Give replicas the same.',
  }),
});

/** How what is counted is named. */
const metricsConfig = configGroup('Metrics of serving', {
  dialects: setting('METRICS_DIALECTS', dialectList, {
    description:
      'Systems under whose names the counts of each version are published besides, for dashboards made for them: triton, mlserver, or both with a comma.',
  }),
});

/** All settings of serving, beside those of every service. */
export const servingConfig = {
  predict: predictConfig,
  ownHttp: ownHttpConfig,
  explain: explainConfig,
  traffic: trafficConfig,
  memory: memoryConfig,
  spool: spoolConfig,
  breaker: breakerConfig,
  breakerWindow: breakerWindowConfig,
  queue: queueConfig,
  metrics: metricsConfig,
  receipts: receiptsConfig,
};

export type ServingConfig = ServiceConfig<typeof servingConfig>;
