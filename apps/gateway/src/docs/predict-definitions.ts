import * as contracts from '@gimbal/contracts';
import {
  HTTP_PREDICT_ROUTES,
  type HttpPredictRoute,
  type HttpProtocol,
  type PredictRouteDefinition,
  type RouteDefinition,
} from '@gimbal/contracts';
import { z } from 'zod';

/** A route as the documentation needs it, of the control plane or of the data plane. */
export type DocumentedRoute = Omit<RouteDefinition, 'role' | 'response'> &
  Pick<PredictRouteDefinition, 'role'> &
  Partial<Pick<PredictRouteDefinition<HttpProtocol>, 'protocol'>> & {
    readonly response: RouteDefinition['response'] | 'text';
    /** Media types that bodies may have beside JSON. */
    readonly otherTypes?: { readonly body: 'text/csv' | typeof BINARY; readonly response?: typeof BINARY };
    /** With this status an answer has the same form, and says no. */
    readonly negative?: 503;
  };

type Forms = Pick<DocumentedRoute, 'params' | 'query' | 'body' | 'response' | 'otherTypes' | 'negative'>;

/** JSON with the elements of tensors behind it, or these alone. */
const BINARY = 'application/octet-stream';

const model = { model: contracts.ModelName };
const version = { ...model, version: contracts.VersionParam };
const metadata = { response: contracts.OpenModel };
const ready = { response: contracts.OpenModelReady, negative: 503 } as const;
const config = { response: contracts.OpenModelConfig };
const statistics = { response: contracts.OpenStatistics };
const infer = {
  ...{ body: contracts.OpenInferRequest, response: contracts.OpenInferAnswer },
  otherTypes: { body: BINARY, response: BINARY },
} as const;
const v1Ready = { response: contracts.OpenModelReady };
const v1Predict = { body: contracts.V1Request, response: contracts.V1Predictions };
const v1Explain = { body: contracts.V1ExplainRequest, response: contracts.V1Explanations };
const invocations = {
  ...{ body: contracts.MlflowInvocation, response: contracts.MlflowPredictions },
  otherTypes: { body: 'text/csv' },
} as const;
const text = { response: 'text' } as const;
const document = { response: z.looseObject({ openapi: z.literal('3.1.0') }) };

/** The data plane is carried past the control plane, so its forms stand here rather than in its table. */
const FORMS: Readonly<Record<HttpPredictRoute, Forms>> = {
  predict: { query: contracts.PredictQuery, body: contracts.Features, response: contracts.Prediction },
  predictIntent: { body: contracts.IntentQuery, response: contracts.Intent },
  predictAnomaly: { body: contracts.Features, response: contracts.AnomalyVerdict },
  predictModel: {
    params: model,
    query: contracts.PredictQuery,
    body: contracts.PredictRows,
    response: contracts.PredictedRows,
  },
  openServer: { response: contracts.OpenServer },
  openLive: { response: contracts.OpenLive },
  openReady: { response: contracts.OpenReady, negative: 503 },
  openModels: { response: contracts.OpenModels },
  openModel: { params: model, ...metadata },
  openVersion: { params: version, ...metadata },
  openModelReady: { params: model, ...ready },
  openVersionReady: { params: version, ...ready },
  openInfer: { params: model, ...infer },
  openInferVersion: { params: version, ...infer },
  openModelConfig: { params: model, ...config },
  openVersionConfig: { params: version, ...config },
  openStatistics: statistics,
  openModelStatistics: { params: model, ...statistics },
  openVersionStatistics: { params: version, ...statistics },
  openRepository: { body: contracts.OpenRepositoryQuery, response: contracts.OpenRepositoryIndex },
  openLoad: { params: model, body: contracts.OpenLoadModel, response: z.strictObject({}) },
  openUnload: { params: model, body: contracts.OpenLoadModel, response: z.strictObject({}) },
  openLogging: { response: contracts.OpenLogSettings },
  openSetLogging: { body: contracts.OpenLogChange, response: contracts.OpenLogSettings },
  v1Models: { response: contracts.OpenModels },
  v1Model: { params: model, ...v1Ready },
  v1Predict: { params: model, ...v1Predict },
  v1Explain: { params: model, ...v1Explain },
  v1Version: { params: version, ...v1Ready },
  v1VersionPredict: { params: version, ...v1Predict },
  v1VersionExplain: { params: version, ...v1Explain },
  invocations,
  ping: text,
  scoringVersion: text,
  modelInvocations: { params: model, ...invocations },
  versionInvocations: { params: version, ...invocations },
  modelPing: { params: model, ...text },
  modelHealth: { params: model, ...text },
  modelScoringVersion: { params: model, ...text },
  openInferStream: { params: model, body: contracts.OpenInferRequest, response: 'events' },
  openInferVersionStream: { params: version, body: contracts.OpenInferRequest, response: 'events' },
  modelOpenApi: { params: model, ...document },
  openModelDocs: { params: model, ...document },
  openVersionDocs: { params: version, ...document },
  predictModelStream: {
    params: model,
    query: contracts.PredictQuery,
    body: contracts.PredictRows,
    response: 'events',
  },
};

/** Every route of the data plane with its forms. */
export function describePredictRoutes(): ReadonlyArray<readonly [string, DocumentedRoute]> {
  return Object.entries<PredictRouteDefinition<HttpProtocol>>(HTTP_PREDICT_ROUTES).map(([name, route]) => [
    name,
    { ...route, ...FORMS[name as HttpPredictRoute], owner: 'serving', status: 200 }, // a constant's own keys
  ]);
}
