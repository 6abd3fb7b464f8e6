import { PREDICTS, type PredictRouteDefinition } from './predict-route-definition.js';

const STREAMS = { ...PREDICTS, streams: true } as const;

/** Predictions of many rows as server-sent events. Codes 64 to 66. */
export const PREDICT_STREAM_ROUTES = {
  openInferStream: {
    ...STREAMS,
    protocol: 'open-inference',
    code: 64,
    path: '/v2/models/:model/infer_stream',
    summary: 'Tensors in, tensors out as events, some rows each (MLServer)',
  },
  openInferVersionStream: {
    ...STREAMS,
    protocol: 'open-inference',
    code: 65,
    path: '/v2/models/:model/versions/:version/infer_stream',
    summary: 'Tensors in, tensors of one version out as events',
  },
  predictModelStream: {
    ...STREAMS,
    protocol: 'named-fields',
    code: 66,
    path: '/api/v1/models/:model/predict/stream',
    summary: 'Rows in, results out as events, some rows each, in order',
  },
} as const satisfies Record<string, PredictRouteDefinition>;
