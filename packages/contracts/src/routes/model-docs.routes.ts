import { LOOKS, type PredictRouteDefinition } from './predict-route-definition.js';

const protocol = 'open-inference';

/** What each model says of itself, as OpenAPI; the paths under `/v2` are MLServer's. Codes 67 to 69. */
export const MODEL_DOCS_ROUTES = {
  modelOpenApi: {
    ...LOOKS,
    protocol: 'named-fields',
    code: 67,
    path: '/api/v1/models/:model/openapi.json',
    summary: 'How the live version is asked, in every form, with requests that can be sent as they stand',
  },
  openModelDocs: {
    ...LOOKS,
    protocol,
    code: 68,
    path: '/v2/models/:model/docs/dataplane.json',
    summary: 'How the live version is asked',
  },
  openVersionDocs: {
    ...LOOKS,
    protocol,
    code: 69,
    path: '/v2/models/:model/versions/:version/docs/dataplane.json',
    summary: 'How a version is asked',
  },
} as const satisfies Record<string, PredictRouteDefinition>;
