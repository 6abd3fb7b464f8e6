export { describeService, type ServiceDefinition } from './grpc/describe-service.js';
export * from './grpc/health.messages.js';
export * from './grpc/open-inference.messages.js';
export * as protobuf from './grpc/protobuf.js';
export * from './grpc/reflection.messages.js';
export * from './http/access.js';
export * from './http/agent.js';
export * from './http/alias.js';
export * from './http/batch-prediction.js';
export * from './http/comparison.js';
export * from './http/dataset.js';
export * from './http/dataset-version.js';
export * from './http/evaluation.js';
export * from './http/experiment.js';
export * from './http/explanation.js';
export * from './http/fields.js';
export * from './http/lineage.js';
export * from './http/manifest.js';
export * from './http/mlflow-mirror.js';
export * from './http/model.js';
export * from './http/model-archive.js';
export * from './http/model-signature.js';
export * from './http/monitoring.js';
export * from './http/open-inference.js';
export * from './http/prediction.js';
export * from './http/promotion.js';
export * from './http/promotion-policy.js';
export * from './http/public-keys.js';
export * from './http/receipt.js';
export * from './http/registry-search.js';
export * from './http/retention.js';
export * from './http/search.js';
export * from './http/table-definition.js';
export * from './http/table-protocols.js';
export * from './http/traffic.js';
export * from './http/training.js';
export * from './http/webhook.js';
export * from './jobs.js';
export { decodeRecords } from './logged-predictions/decode-log-record.js';
export { encodeDefinition, encodePredictions } from './logged-predictions/encode-log-record.js';
export { LOG_RECORD_BYTES_MAX, LOG_RECORD_HEAD_BYTES, peekPayload } from './logged-predictions/log-record.js';
export {
  CLASSES_LOGGED_MAX,
  type LogDefinition,
  type LoggedRow,
  type LoggedRows,
  messageOf,
  type RowText,
  type RowWarning,
} from './logged-predictions/logged-rows.js';
export { canonicalFeatures, nameFeatures } from './logged-predictions/name-features.js';
export { FEATURE_TEXT_MAX, readLoggedPredictions } from './logged-predictions/read-logged-predictions.js';
export {
  mergeModelStatistics,
  mergeServedModels,
  mergeServingHealth,
  mergeServingStatistics,
} from './merge-replicas.js';
export * from './mlflow/errors.js';
export * from './mlflow/file-routes.js';
export { MULTIPART_MESSAGES, PUBLIC_URL_HEADER } from './mlflow/multipart-messages.js';
export { readQuery } from './mlflow/proto-json.js';
export type { MlflowRouteDefinition } from './mlflow/route-definition.js';
export * from './mlflow/routes.js';
export * from './predict-call.js';
export * from './predict-refusal.js';
export * from './problem.js';
export * from './routes.js';
export * from './service-names.js';
export * from './wire.js';
