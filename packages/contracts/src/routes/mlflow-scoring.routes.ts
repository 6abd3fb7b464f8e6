import { LOOKS, OPEN, PREDICTS, type PredictRouteDefinition } from './predict-route-definition.js';

const protocol = 'mlflow-scoring';
const MODEL = '/api/v1/models/:model';

/**
 * The routes of `mlflow models serve` (mlflow/mlflow, mlflow/pyfunc/scoring_server): at the root for `DEFAULT_MODEL`, and with the path of
 * a model before them for that model. Codes 56 to 63.
 */
export const MLFLOW_SCORING_ROUTES = {
  invocations: { ...PREDICTS, protocol, code: 56, path: '/invocations', summary: 'A data frame in, predictions out' },
  ping: { ...OPEN, protocol, code: 57, path: '/ping', summary: 'Whether the default model answers' },
  scoringVersion: { ...OPEN, protocol, code: 58, path: '/version', summary: 'Which version of MLflow is spoken' },
  modelInvocations: {
    ...PREDICTS,
    protocol,
    code: 59,
    path: `${MODEL}/invocations`,
    summary: 'A data frame in, predictions of a model out',
  },
  versionInvocations: {
    ...PREDICTS,
    protocol,
    code: 60,
    path: `${MODEL}/versions/:version/invocations`,
    summary: 'A data frame in, predictions of one version out',
  },
  modelPing: { ...LOOKS, protocol, code: 61, path: `${MODEL}/ping`, summary: 'Whether a model answers' },
  modelHealth: { ...LOOKS, protocol, code: 62, path: `${MODEL}/health`, summary: 'The same as ping' },
  modelScoringVersion: {
    ...LOOKS,
    protocol,
    code: 63,
    path: `${MODEL}/version`,
    summary: 'Which version of MLflow is spoken',
  },
} as const satisfies Record<string, PredictRouteDefinition>;
