import type { Role } from '../http/access.js';

/** A call of MLflow's protocol that carries a file, or speaks of one by its path. */
export interface MlflowFileRoute {
  readonly methods: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE')[];
  /** Whole, with its prefix; `*` is the path of a file below the artifact root, as `1/<run>/artifacts/model/data.bin`. */
  readonly paths: readonly [string, ...string[]];
  /** Null: who calls has no key, but an address that was signed for this one call. */
  readonly role: Role | null;
}

const underProxy = (path: string): readonly [string, string] => [
  `/api/2.0/mlflow-artifacts${path}`,
  `/ajax-api/2.0/mlflow-artifacts${path}`,
];

/**
 * The artifact proxy of MLflow (mlflow_artifacts.proto, server/artifact_router.py) and its downloads by run, version and model. The
 * gateway admits these calls and passes their bodies on as they come; the registry answers them.
 */
export const MLFLOW_FILE_ROUTES = {
  listFiles: { methods: ['GET'], paths: underProxy('/artifacts'), role: 'viewer' },
  downloadFile: { methods: ['GET', 'HEAD'], paths: underProxy('/artifacts/*'), role: 'viewer' },
  uploadFile: { methods: ['PUT'], paths: underProxy('/artifacts/*'), role: 'operator' },
  deleteFiles: { methods: ['DELETE'], paths: underProxy('/artifacts/*'), role: 'operator' },
  createMultipartUpload: { methods: ['POST'], paths: underProxy('/mpu/create/*'), role: 'operator' },
  completeMultipartUpload: { methods: ['POST'], paths: underProxy('/mpu/complete/*'), role: 'operator' },
  abortMultipartUpload: { methods: ['POST'], paths: underProxy('/mpu/abort/*'), role: 'operator' },
  /** Ours: where the parts of a multipart upload go. MLflow's client sends them without its credentials. */
  uploadPart: { methods: ['PUT'], paths: ['/api/2.0/mlflow-artifacts/mpu/parts/:upload/:part'], role: null },
  downloadRunFile: { methods: ['GET', 'HEAD'], paths: ['/get-artifact'], role: 'viewer' },
  downloadVersionFile: { methods: ['GET', 'HEAD'], paths: ['/model-versions/get-artifact'], role: 'viewer' },
  downloadLoggedModelFile: {
    methods: ['GET', 'HEAD'],
    paths: ['/ajax-api/2.0/mlflow/logged-models/:model_id/artifacts/files'],
    role: 'viewer',
  },
} as const satisfies Record<string, MlflowFileRoute>;

export type MlflowFileRouteName = keyof typeof MLFLOW_FILE_ROUTES;
