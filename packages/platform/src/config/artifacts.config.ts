import { z } from 'zod';
import { configGroup } from './define-config.js';
import { integerText, setting } from './setting.js';

/** The content-addressed store of model files and reports. */
export const artifactsConfig = configGroup('Artifacts', {
  directory: setting('ARTIFACT_DIR', z.string().max(4096).default('.gimbal/artifacts'), {
    description: 'Folder of the artifact store; every file in it is named by its SHA-256.',
  }),
  maxBytes: setting('ARTIFACT_MAX_BYTES', integerText(1024, 1_099_511_627_776).default(2_147_483_648), {
    description: 'Largest artifact that is accepted.',
    unit: 'bytes',
  }),
});
