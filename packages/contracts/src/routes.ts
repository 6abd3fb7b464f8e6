import { AGENT_ROUTES } from './routes/agent.routes.js';
import { BATCH_PREDICTION_ROUTES } from './routes/batch-prediction.routes.js';
import { DATASET_ROUTES } from './routes/dataset.routes.js';
import { EXPERIMENT_ROUTES } from './routes/experiment.routes.js';
import { GATEWAY_ROUTES } from './routes/gateway.routes.js';
import { MLFLOW_MIRROR_ROUTES } from './routes/mlflow-mirror.routes.js';
import { MONITORING_ROUTES } from './routes/monitoring.routes.js';
import { PROMOTION_POLICY_ROUTES } from './routes/promotion-policy.routes.js';
import { REGISTRY_ROUTES } from './routes/registry.routes.js';
import { RETENTION_ROUTES } from './routes/retention.routes.js';
import { SERVING_ROUTES } from './routes/serving.routes.js';
import { TRAINING_ROUTES } from './routes/training.routes.js';
import { TRANSFER_ROUTES } from './routes/transfer.routes.js';
import { WEBHOOK_ROUTES } from './routes/webhook.routes.js';

export { GRPC_ROUTES } from './routes/grpc.routes.js';
export {
  HTTP_PREDICT_ROUTES,
  type HttpPredictRoute,
  PREDICT_ROUTES,
  type PredictRoute,
} from './routes/predict.routes.js';
export {
  type HttpProtocol,
  PATH_PARAMETER,
  type PredictProtocol,
  type PredictRouteDefinition,
} from './routes/predict-route-definition.js';
export type { RouteDefinition } from './routes/route-definition.js';

/** Every route of the public door that a service answers, beside the data plane (`/predict…`), which is listed by {@link PREDICT_ROUTES}. */
export const ROUTES = {
  ...TRAINING_ROUTES,
  ...EXPERIMENT_ROUTES,
  ...REGISTRY_ROUTES,
  ...RETENTION_ROUTES,
  ...TRANSFER_ROUTES,
  ...PROMOTION_POLICY_ROUTES,
  ...DATASET_ROUTES,
  ...WEBHOOK_ROUTES,
  ...MLFLOW_MIRROR_ROUTES,
  ...MONITORING_ROUTES,
  ...AGENT_ROUTES,
  ...SERVING_ROUTES,
  ...BATCH_PREDICTION_ROUTES,
  ...GATEWAY_ROUTES,
} as const;

export type RouteName = keyof typeof ROUTES;
