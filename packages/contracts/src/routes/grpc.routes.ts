import { INFERENCE_SERVICE, type InferenceMethod } from '../grpc/open-inference.messages.js';
import type { RoleNeeded } from '../http/access.js';
import type { PredictRouteDefinition } from './predict-route-definition.js';

const methodOf = <M extends InferenceMethod, R extends RoleNeeded | null>(name: M, role: R) =>
  ({ method: 'POST', protocol: 'open-inference-grpc', path: `/${INFERENCE_SERVICE}/${name}`, role }) as const;

/**
 * The methods of Open Inference and of Triton over gRPC. A message of ModelStreamInfer goes as one of ModelInfer; LogSettings reads and
 * changes in one method, so it needs what changing needs.
 */
export const GRPC_ROUTES = {
  grpcServerLive: { ...methodOf('ServerLive', null), code: 72, summary: 'The server runs' },
  grpcServerReady: { ...methodOf('ServerReady', null), code: 73, summary: 'Every live model answers' },
  grpcModelReady: { ...methodOf('ModelReady', 'any'), code: 74, summary: 'Whether a version answers' },
  grpcServerMetadata: { ...methodOf('ServerMetadata', 'any'), code: 75, summary: 'What the server is' },
  grpcModelMetadata: { ...methodOf('ModelMetadata', 'any'), code: 76, summary: 'Inputs and outputs of a version' },
  grpcModelInfer: { ...methodOf('ModelInfer', 'predictor'), code: 77, summary: 'Tensors in, tensors out' },
  grpcModelConfig: { ...methodOf('ModelConfig', 'any'), code: 78, summary: 'How a version is run' },
  grpcModelStatistics: { ...methodOf('ModelStatistics', 'any'), code: 79, summary: 'Counts and times of versions' },
  grpcRepositoryIndex: {
    ...methodOf('RepositoryIndex', 'any'),
    code: 80,
    summary: 'Every version of the traffic plans and whether it is loaded',
  },
  grpcRepositoryModelLoad: {
    ...methodOf('RepositoryModelLoad', 'operator'),
    code: 81,
    summary: 'Loads what the registry has put in traffic',
  },
  grpcRepositoryModelUnload: {
    ...methodOf('RepositoryModelUnload', 'operator'),
    code: 82,
    summary: 'Gives the memory of a model back; what is in traffic is loaded again when it is asked',
  },
  grpcLogSettings: {
    ...methodOf('LogSettings', 'admin'),
    code: 83,
    summary: 'What serving logs, and changes of it until serving is started again',
  },
} as const satisfies Record<string, PredictRouteDefinition>;
