import { LOOKS, PREDICTS, type PredictRouteDefinition } from './predict-route-definition.js';

const protocol = 'kserve-v1';
const MODEL = '/v1/models/:model';
const VERSION = `${MODEL}/versions/:version`;

/**
 * KServe's V1 protocol (kserve/kserve, protocol/rest/v1_endpoints.py), which is TensorFlow Serving's with explanations; versions are named
 * as TensorFlow Serving has them (tensorflow/serving, tensorflow_serving/g3doc/api_rest.md). Codes 48 to 55.
 */
export const KSERVE_V1_ROUTES = {
  v1Models: { ...LOOKS, protocol, code: 48, path: '/v1/models', summary: 'Names of the models' },
  v1Model: { ...LOOKS, protocol, code: 49, path: MODEL, summary: 'Whether the live version answers' },
  v1Predict: { ...PREDICTS, protocol, code: 50, path: `${MODEL}::predict`, summary: 'Instances in, predictions out' },
  v1Explain: {
    ...PREDICTS,
    protocol,
    code: 51,
    path: `${MODEL}::explain`,
    summary: 'Instances in, predictions and exact Shapley values out; logs nothing',
  },
  v1Version: { ...LOOKS, protocol, code: 52, path: VERSION, summary: 'Whether a version answers' },
  v1VersionPredict: {
    ...PREDICTS,
    protocol,
    code: 53,
    path: `${VERSION}::predict`,
    summary: 'Instances in, predictions of one version out',
  },
  v1VersionExplain: {
    ...PREDICTS,
    protocol,
    code: 54,
    path: `${VERSION}::explain`,
    summary: 'Instances in, predictions of one version and exact Shapley values out; logs nothing',
  },
} as const satisfies Record<string, PredictRouteDefinition>;
