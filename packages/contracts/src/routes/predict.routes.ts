import { GRPC_ROUTES } from './grpc.routes.js';
import { KSERVE_V1_ROUTES } from './kserve-v1.routes.js';
import { MLFLOW_SCORING_ROUTES } from './mlflow-scoring.routes.js';
import { MODEL_DOCS_ROUTES } from './model-docs.routes.js';
import { type HttpProtocol, LOOKS, OPEN, PREDICTS, type PredictRouteDefinition } from './predict-route-definition.js';
import { PREDICT_STREAM_ROUTES } from './predict-stream.routes.js';

const FIELDS = { ...PREDICTS, protocol: 'named-fields' } as const;

const NAMED_FIELDS_ROUTES = {
  predict: { ...FIELDS, code: 0, path: '/predict', summary: 'Heart disease: 13 fields in, probability out' },
  predictIntent: { ...FIELDS, code: 1, path: '/predict/intent', summary: 'A text in, its intent out' },
  predictAnomaly: {
    ...FIELDS,
    code: 2,
    path: '/predict/anomaly',
    summary: 'A transaction in, how unusual it is out',
  },
  predictModel: {
    ...FIELDS,
    code: 3,
    path: '/api/v1/models/:model/predict',
    summary: 'Rows in, one result per row, in order',
  },
} as const;

const protocol = 'open-inference';
const MODEL = '/v2/models/:model';
const VERSION = `${MODEL}/versions/:version`;

/** Open Inference Protocol v2 (kserve/open-inference-protocol, inference_rest.md) with Triton's extensions. */
const OPEN_INFERENCE_ROUTES = {
  openServer: { ...LOOKS, protocol, code: 16, path: '/v2', summary: 'What the server is and which extensions it has' },
  openLive: { ...OPEN, protocol, code: 17, path: '/v2/health/live', summary: 'The server runs' },
  openReady: { ...OPEN, protocol, code: 18, path: '/v2/health/ready', summary: 'What is live is known' },
  openModels: { ...LOOKS, protocol, code: 19, path: '/v2/models', summary: 'Names of the models' },
  openModel: { ...LOOKS, protocol, code: 20, path: MODEL, summary: 'Inputs and outputs of the live version' },
  openVersion: { ...LOOKS, protocol, code: 21, path: VERSION, summary: 'Inputs and outputs of a version' },
  openModelReady: { ...LOOKS, protocol, code: 22, path: `${MODEL}/ready`, summary: 'Whether the live version answers' },
  openVersionReady: { ...LOOKS, protocol, code: 23, path: `${VERSION}/ready`, summary: 'Whether a version answers' },
  openInfer: { ...PREDICTS, protocol, code: 24, path: `${MODEL}/infer`, summary: 'Tensors in, tensors out' },
  openInferVersion: {
    ...PREDICTS,
    protocol,
    code: 25,
    path: `${VERSION}/infer`,
    summary: 'Tensors in, tensors of one version out',
  },
  openModelConfig: { ...LOOKS, protocol, code: 26, path: `${MODEL}/config`, summary: 'How the live version is run' },
  openVersionConfig: { ...LOOKS, protocol, code: 27, path: `${VERSION}/config`, summary: 'How a version is run' },
  openStatistics: {
    ...LOOKS,
    protocol,
    code: 28,
    path: '/v2/models/stats',
    summary: 'Counts and times of all versions',
  },
  openModelStatistics: {
    ...LOOKS,
    protocol,
    code: 29,
    path: `${MODEL}/stats`,
    summary: 'Counts and times of the versions of a model',
  },
  openVersionStatistics: {
    ...LOOKS,
    protocol,
    code: 30,
    path: `${VERSION}/stats`,
    summary: 'Counts and times of a version',
  },
  openRepository: {
    ...LOOKS,
    method: 'POST',
    protocol,
    code: 31,
    path: '/v2/repository/index',
    summary: 'Every version of the traffic plans and whether it is loaded',
  },
  openLoad: {
    method: 'POST',
    role: 'operator',
    protocol,
    code: 32,
    path: '/v2/repository/models/:model/load',
    summary: 'Loads what the registry has put in traffic',
  },
  openUnload: {
    method: 'POST',
    role: 'operator',
    protocol,
    code: 33,
    path: '/v2/repository/models/:model/unload',
    summary: 'Gives the memory of a model back; what is in traffic is loaded again when it is asked',
  },
  openLogging: { ...LOOKS, protocol, code: 34, path: '/v2/logging', summary: 'What serving logs' },
  openSetLogging: {
    method: 'POST',
    role: 'admin',
    protocol,
    code: 35,
    path: '/v2/logging',
    summary: 'Changes what serving logs, until it is started again',
  },
} as const;

/** What of the data plane is asked for over HTTP; the gateway mounts exactly this list. */
export const HTTP_PREDICT_ROUTES = {
  ...NAMED_FIELDS_ROUTES,
  ...OPEN_INFERENCE_ROUTES,
  ...KSERVE_V1_ROUTES,
  ...MLFLOW_SCORING_ROUTES,
  ...PREDICT_STREAM_ROUTES,
  ...MODEL_DOCS_ROUTES,
} as const satisfies Record<string, PredictRouteDefinition<HttpProtocol>>;

export type HttpPredictRoute = keyof typeof HTTP_PREDICT_ROUTES;

/** The data plane: carried to serving as frames, however it was asked for. */
export const PREDICT_ROUTES = { ...HTTP_PREDICT_ROUTES, ...GRPC_ROUTES } as const;

export type PredictRoute = keyof typeof PREDICT_ROUTES;
