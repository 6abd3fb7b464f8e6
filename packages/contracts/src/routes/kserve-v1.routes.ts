import { LOOKS, PREDICTS, type PredictRouteDefinition } from './predict-route-definition.js';

const protocol = 'kserve-v1';
const MODEL = '/v1/models/:model';

/** KServe's V1 protocol (kserve/kserve, protocol/rest/v1_endpoints.py), which is TensorFlow Serving's with explanations. Codes 48 to 55. */
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
} as const satisfies Record<string, PredictRouteDefinition>;
