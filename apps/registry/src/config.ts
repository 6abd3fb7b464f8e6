import {
  artifactsConfig,
  breakerConfig,
  type ConfigOf,
  configGroup,
  databaseConfig,
  defineConfig,
  httpConfigFor,
  integerText,
  numberText,
  queueConfig,
  secretSetting,
  setting,
  streamsConfig,
  urlText,
} from '@gimbal/platform';
import { z } from 'zod';
import { announcementConfig } from './announcements/announcement.config.js';
import { foldersText } from './datasets/allowed-folders.js';
import { mirrorConfig } from './mirror/mirror.config.js';
import { webhookConfig } from './webhooks/webhook.config.js';

/** What a version must show before it may go live. All limits are inclusive. */
const promotionConfig = configGroup('Promotion gate', {
  f1Min: setting('PROMOTION_F1_MIN', numberText(0, 1).default(0.75), {
    description: 'Least F1 on the holdout. The default is the deployment gate that the product promises.',
  }),
  rocAucDropMax: setting('PROMOTION_AUC_DROP_MAX', numberText(0, 1).default(0.02), {
    description:
      'Largest loss of ROC-AUC against the live version; a larger one refuses only when its 95 % interval excludes 0. The default is the smaller of the margins customary in non-inferiority studies of AUC (.02 to .05).',
  }),
  brierRiseMax: setting('PROMOTION_BRIER_RISE_MAX', numberText(0, 1).default(0.01), {
    description:
      'Largest growth of the Brier score against the live version. The default is a tenth of the Brier score of a good model on the heart-disease data (.11 to .15).',
  }),
  parityMax: setting('PROMOTION_PARITY_MAX', numberText(0, 1).default(0.000_001), {
    description:
      'Largest difference between a probability of the ONNX file and of the trained model. The default is 2.5 times the worst that float32 rounding gave on 20 000 rows (3.9e-7).',
  }),
});

const modelFilesConfig = configGroup('Model files', {
  maxBytes: setting('MODEL_MAX_BYTES', integerText(1024, 1_073_741_824).default(134_217_728), {
    description: 'Largest ONNX file that is registered; it is read into memory once to look at its inputs and outputs.',
    unit: 'bytes',
  }),
});

const uploadsConfig = configGroup('Multipart uploads', {
  lifetimeMs: setting('MULTIPART_UPLOAD_LIFETIME', integerText(60_000, 604_800_000).default(14_400_000), {
    description:
      'How long a file may be on its way in parts: so long the signed addresses of its parts are valid, and then what was sent of it is removed.',
    unit: 'ms',
  }),
  serviceKey: secretSetting('GIMBAL_SERVICE_KEY', z.string().min(16, 'must have at least 16 characters').max(512), {
    description:
      'Key of this service. The key with which addresses of upload parts are signed is derived from it: all replicas must have the same.',
  }),
});

const artifactSweepConfig = configGroup('Artifact sweep', {
  intervalMs: setting('ARTIFACT_SWEEP_INTERVAL', integerText(1_000, 604_800_000).default(3_600_000), {
    description: 'How often content that nothing names any more is looked for.',
    unit: 'ms',
  }),
  graceMs: setting('ARTIFACT_SWEEP_GRACE', integerText(0, 31_536_000_000).default(86_400_000), {
    description: 'How long content stays after it was put even when nothing names it.',
    unit: 'ms',
  }),
});

const datasetsConfig = configGroup('Datasets', {
  maxBytes: setting('DATASET_MAX_BYTES', integerText(1024, 1_099_511_627_776).default(2_147_483_648), {
    description: 'Largest CSV or Parquet file that becomes a dataset version; it is read as it comes and never held.',
    unit: 'bytes',
  }),
  timeoutMs: setting('DATASET_TIMEOUT', integerText(1_000, 86_400_000).default(600_000), {
    description: 'How long a file may take to arrive and to be read.',
    unit: 'ms',
  }),
  folders: setting('DATASET_FOLDERS', foldersText(), {
    description:
      'Folders on this machine, comma-separated, out of which operators may add files as datasets by their path. Empty: none.',
  }),
});

const trafficConfig = configGroup('Traffic', {
  checkMs: setting('TRAFFIC_CHECK_INTERVAL', integerText(100, 60_000).default(1_000), {
    description: 'How often a held traffic request looks whether another replica of the registry changed something.',
    unit: 'ms',
  }),
  waitersMax: setting('TRAFFIC_WAITERS_MAX', integerText(1, 10_000).default(256), {
    description: 'Most traffic requests that are held at once; one more is answered 503 overloaded.',
  }),
});

const retentionConfig = configGroup('Retention of versions', {
  keepVersions: setting('RETENTION_KEEP_VERSIONS', integerText(0, 100_000).default(0), {
    description:
      'Newest versions of each model that stay, where the model has no policy of its own. 0: all of them, for ever. What is live, has an alias, answered or is referred to stays whatever this says.',
  }),
  keepDays: setting('RETENTION_KEEP_DAYS', integerText(0, 36_500).default(90), {
    description: 'Versions that are not older stay, too.',
    unit: 'days',
  }),
  trafficDays: setting('RETENTION_TRAFFIC_DAYS', integerText(0, 36_500).default(90), {
    description:
      'Versions that were live, a canary, a shadow or in a test within so many days stay, whatever the policy of their model says.',
    unit: 'days',
  }),
  intervalMs: setting('RETENTION_INTERVAL', integerText(1_000, 604_800_000).default(86_400_000), {
    description: 'How often versions that nobody needs are removed.',
    unit: 'ms',
  }),
});

const transferConfig = configGroup('Import of models', {
  importBytesMax: setting('MODEL_IMPORT_MAX_BYTES', integerText(1_024, 1_099_511_627_776).default(10_737_418_240), {
    description: 'Largest exported model that is taken in; its files are stored as they come and never held.',
    unit: 'bytes',
  }),
});

const manifestsConfig = configGroup('Manifests', {
  keysDirectory: setting('MANIFEST_KEYS_DIR', z.string().min(1).max(4096).default('.gimbal/registry/manifest-keys'), {
    description:
      'Folder of Ed25519 keys (PEM): the private key whose file name is the last in order signs manifests, the others check older ones; one is made where there is none. Give replicas the same.',
  }),
});

const comparisonConfig = configGroup('Comparison', {
  servingUrl: setting('SERVING_URL', urlText('http:', 'https:').optional(), {
    description: 'Serving: asked what two versions say of the same rows. Not set: that comparison is answered 503.',
  }),
});

/** Data files arrive here, which takes longer than a call. */
const httpConfig = httpConfigFor({
  host: 'HOST',
  port: 'PORT',
  hostDefault: '127.0.0.1',
  portDefault: 0,
  requestTimeoutMs: 600_000,
});

export const registryConfig = defineConfig({
  http: httpConfig,
  database: databaseConfig,
  queue: queueConfig,
  artifacts: artifactsConfig,
  promotion: promotionConfig,
  modelFiles: modelFilesConfig,
  datasets: datasetsConfig,
  uploads: uploadsConfig,
  streams: streamsConfig,
  artifactSweep: artifactSweepConfig,
  traffic: trafficConfig,
  webhooks: webhookConfig,
  announcements: announcementConfig,
  retention: retentionConfig,
  transfer: transferConfig,
  manifests: manifestsConfig,
  comparison: comparisonConfig,
  breaker: breakerConfig,
  mirror: mirrorConfig,
});
export type RegistryConfig = ConfigOf<typeof registryConfig>;
