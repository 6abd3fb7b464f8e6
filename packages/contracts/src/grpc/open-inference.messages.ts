import { ModelConfig } from './model-config.messages.js';
import {
  bool,
  bytes,
  choice,
  double,
  float,
  int32,
  int64,
  type MessageInput,
  type MessageOf,
  many,
  manyFixed,
  map,
  message,
  one,
  string,
  uint32,
  uint64,
} from './protobuf.js';

/*
 * What `inference.GRPCInferenceService` says: the messages of kserve/open-inference-protocol (specification/protocol/open_inference_grpc.proto)
 * and those of triton-inference-server/common (protobuf/grpc_service.proto), which have the same names and numbers where both have one.
 */

const empty = (name: string) => message(name, {});
/** An empty version is the live one. */
const ofModel = (name: string) => message(name, { name: one(1, string), version: one(2, string) });

const InferParameter = message('InferParameter', {
  bool_param: choice(1, bool),
  int64_param: choice(2, int64),
  string_param: choice(3, string),
  double_param: choice(4, double),
  uint64_param: choice(5, uint64),
});
const InferTensorContents = message('InferTensorContents', {
  bool_contents: many(1, bool),
  int_contents: many(2, int32),
  int64_contents: many(3, int64),
  uint_contents: many(4, uint32),
  uint64_contents: many(5, uint64),
  fp32_contents: manyFixed(6, float, (packed) => new Float32Array(packed)),
  fp64_contents: manyFixed(7, double, (packed) => new Float64Array(packed)),
  bytes_contents: many(8, bytes),
});
const tensor = (name: string) =>
  message(name, {
    name: one(1, string),
    datatype: one(2, string),
    shape: many(3, int64),
    parameters: map(4, InferParameter),
    contents: one(5, InferTensorContents),
  });

const ModelInferRequest = message('ModelInferRequest', {
  model_name: one(1, string),
  model_version: one(2, string),
  id: one(3, string),
  parameters: map(4, InferParameter),
  inputs: many(5, tensor('ModelInferRequest.InferInputTensor')),
  outputs: many(
    6,
    message('ModelInferRequest.InferRequestedOutputTensor', {
      name: one(1, string),
      parameters: map(2, InferParameter),
    }),
  ),
  raw_input_contents: many(7, bytes),
});
const ModelInferResponse = message('ModelInferResponse', {
  model_name: one(1, string),
  model_version: one(2, string),
  id: one(3, string),
  parameters: map(4, InferParameter),
  outputs: many(5, tensor('ModelInferResponse.InferOutputTensor')),
  raw_output_contents: many(6, bytes),
});

const TensorMetadata = message('ModelMetadataResponse.TensorMetadata', {
  name: one(1, string),
  datatype: one(2, string),
  shape: many(3, int64),
});

const Duration = message('StatisticDuration', { count: one(1, uint64), ns: one(2, uint64) });
const InferStatistics = message('InferStatistics', {
  success: one(1, Duration),
  fail: one(2, Duration),
  queue: one(3, Duration),
  compute_input: one(4, Duration),
  compute_infer: one(5, Duration),
  compute_output: one(6, Duration),
  cache_hit: one(7, Duration),
  cache_miss: one(8, Duration),
});
const InferBatchStatistics = message('InferBatchStatistics', {
  batch_size: one(1, uint64),
  compute_input: one(2, Duration),
  compute_infer: one(3, Duration),
  compute_output: one(4, Duration),
});
const ModelStatistics = message('ModelStatistics', {
  name: one(1, string),
  version: one(2, string),
  last_inference: one(3, uint64),
  inference_count: one(4, uint64),
  execution_count: one(5, uint64),
  inference_stats: one(6, InferStatistics),
  batch_stats: many(7, InferBatchStatistics),
});

const ModelRepositoryParameter = message('ModelRepositoryParameter', {
  bool_param: choice(1, bool),
  int64_param: choice(2, int64),
  string_param: choice(3, string),
  bytes_param: choice(4, bytes),
});
const repositoryModel = (name: string) =>
  message(name, {
    repository_name: one(1, string),
    model_name: one(2, string),
    parameters: map(3, ModelRepositoryParameter),
  });
const ModelIndex = message('RepositoryIndexResponse.ModelIndex', {
  name: one(1, string),
  version: one(2, string),
  state: one(3, string),
  reason: one(4, string),
});

const logSettings = (name: string) =>
  message(name, {
    settings: map(
      1,
      message(`${name}.SettingValue`, {
        bool_param: choice(1, bool),
        uint32_param: choice(2, uint32),
        string_param: choice(3, string),
      }),
    ),
  });

/** What each method is asked with, and what it answers. */
export const INFERENCE_METHODS = {
  ServerLive: {
    request: empty('ServerLiveRequest'),
    response: message('ServerLiveResponse', { live: one(1, bool) }),
  },
  ServerReady: {
    request: empty('ServerReadyRequest'),
    response: message('ServerReadyResponse', { ready: one(1, bool) }),
  },
  ModelReady: {
    request: ofModel('ModelReadyRequest'),
    response: message('ModelReadyResponse', { ready: one(1, bool) }),
  },
  ServerMetadata: {
    request: empty('ServerMetadataRequest'),
    response: message('ServerMetadataResponse', {
      name: one(1, string),
      version: one(2, string),
      extensions: many(3, string),
    }),
  },
  ModelMetadata: {
    request: ofModel('ModelMetadataRequest'),
    response: message('ModelMetadataResponse', {
      name: one(1, string),
      versions: many(2, string),
      platform: one(3, string),
      inputs: many(4, TensorMetadata),
      outputs: many(5, TensorMetadata),
    }),
  },
  ModelInfer: { request: ModelInferRequest, response: ModelInferResponse },
  ModelStreamInfer: {
    request: ModelInferRequest,
    response: message('ModelStreamInferResponse', {
      error_message: one(1, string),
      infer_response: one(2, ModelInferResponse),
    }),
    streams: 'both',
  },
  ModelConfig: {
    request: ofModel('ModelConfigRequest'),
    response: message('ModelConfigResponse', { config: one(1, ModelConfig) }),
  },
  ModelStatistics: {
    request: ofModel('ModelStatisticsRequest'),
    response: message('ModelStatisticsResponse', { model_stats: many(1, ModelStatistics) }),
  },
  RepositoryIndex: {
    request: message('RepositoryIndexRequest', { repository_name: one(1, string), ready: one(2, bool) }),
    response: message('RepositoryIndexResponse', { models: many(1, ModelIndex) }),
  },
  RepositoryModelLoad: {
    request: repositoryModel('RepositoryModelLoadRequest'),
    response: empty('RepositoryModelLoadResponse'),
  },
  RepositoryModelUnload: {
    request: repositoryModel('RepositoryModelUnloadRequest'),
    response: empty('RepositoryModelUnloadResponse'),
  },
  LogSettings: { request: logSettings('LogSettingsRequest'), response: logSettings('LogSettingsResponse') },
} as const;

export type InferenceMethod = keyof typeof INFERENCE_METHODS;
export type InferenceRequest<M extends InferenceMethod> = MessageOf<(typeof INFERENCE_METHODS)[M]['request']>;
export type InferenceAnswer<M extends InferenceMethod> = MessageInput<(typeof INFERENCE_METHODS)[M]['response']>;
export const INFERENCE_SERVICE = 'inference.GRPCInferenceService';
