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
  };

type Forms = Pick<DocumentedRoute, 'params' | 'query' | 'body' | 'response'>;

const model = { model: contracts.ModelName };
const version = { ...model, version: contracts.VersionParam };
const metadata = { response: contracts.OpenModel };
const ready = { response: contracts.OpenModelReady };
const config = { response: contracts.OpenModelConfig };
const statistics = { response: contracts.OpenStatistics };
const infer = { body: contracts.OpenInferRequest, response: contracts.OpenInferAnswer };
const v1Predict = { body: contracts.V1Request, response: contracts.V1Predictions };
const v1Explain = { body: contracts.V1ExplainRequest, response: contracts.V1Explanations };
const invocations = { body: contracts.MlflowInvocation, response: contracts.MlflowPredictions };
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
  openReady: { response: contracts.OpenReady },
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
  v1Model: { params: model, ...ready },
  v1Predict: { params: model, ...v1Predict },
  v1Explain: { params: model, ...v1Explain },
  v1Version: { params: version, ...ready },
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
