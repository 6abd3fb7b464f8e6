import { z } from 'zod';
import { configGroup } from './define-config.js';
import { flagText, integerText, setting, urlText } from './setting.js';

/** The content-addressed store of model files and reports. */
export const artifactsConfig = configGroup('Artifacts', {
  directory: setting('ARTIFACT_DIR', z.string().max(4096).default('.gimbal/artifacts'), {
    description:
      'Folder of the artifact store, unless ARTIFACT_URL names a bucket; every file in it is named by its SHA-256.',
  }),
  url: setting('ARTIFACT_URL', urlText('s3:').optional(), {
    description:
      'Bucket of the artifact store in place of a folder: s3://bucket/prefix. Each service needs a prefix of its own. The credentials are those of the AWS SDK: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or a role of the machine.',
  }),
  endpoint: setting('ARTIFACT_S3_ENDPOINT', urlText('http:', 'https:').optional(), {
    description: 'Address of an S3 server that is not Amazon’s, such as MinIO, Ceph or Garage.',
  }),
  region: setting('ARTIFACT_S3_REGION', z.string().max(64).default('us-east-1'), {
    description: 'Region of the bucket.',
  }),
  pathStyle: setting('ARTIFACT_S3_PATH_STYLE', flagText().default(false), {
    description: 'The bucket is named in the path, not in the host: most servers that are not Amazon’s want that.',
  }),
  maxBytes: setting('ARTIFACT_MAX_BYTES', integerText(1024, 1_099_511_627_776).default(17_179_869_184), {
    description: 'Largest artifact that is accepted; in a bucket not more than 156 GiB.',
    unit: 'bytes',
  }),
});
