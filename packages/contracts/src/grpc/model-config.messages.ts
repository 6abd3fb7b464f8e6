import { choice, enumeration, int32, int64, many, map, message, one, string, uint64 } from './protobuf.js';

/*
 * Triton's `ModelConfig` as far as it says something of a model here; names and numbers are those of triton-inference-server/common,
 * protobuf/model_config.proto.
 */

const DataType = enumeration('DataType', {
  TYPE_INVALID: 0,
  TYPE_BOOL: 1,
  TYPE_UINT8: 2,
  TYPE_UINT16: 3,
  TYPE_UINT32: 4,
  TYPE_UINT64: 5,
  TYPE_INT8: 6,
  TYPE_INT16: 7,
  TYPE_INT32: 8,
  TYPE_INT64: 9,
  TYPE_FP16: 10,
  TYPE_FP32: 11,
  TYPE_FP64: 12,
  TYPE_STRING: 13,
  TYPE_BF16: 14,
});
const Kind = enumeration('ModelInstanceGroup.Kind', { KIND_AUTO: 0, KIND_GPU: 1, KIND_CPU: 2, KIND_MODEL: 3 });

const ModelTensorReshape = message('ModelTensorReshape', { shape: many(1, int64) });
const ModelInput = message('ModelInput', {
  name: one(1, string),
  data_type: one(2, DataType),
  dims: many(4, int64),
  reshape: one(5, ModelTensorReshape),
});
const ModelOutput = message('ModelOutput', {
  name: one(1, string),
  data_type: one(2, DataType),
  dims: many(3, int64),
  reshape: one(5, ModelTensorReshape),
});
const ModelVersionPolicy = message('ModelVersionPolicy', {
  specific: choice(3, message('ModelVersionPolicy.Specific', { versions: many(1, int64) })),
});
const ModelDynamicBatching = message('ModelDynamicBatching', {
  preferred_batch_size: many(1, int32),
  max_queue_delay_microseconds: one(2, uint64),
});
const ModelInstanceGroup = message('ModelInstanceGroup', {
  name: one(1, string),
  count: one(2, int32),
  kind: one(4, Kind),
});

export const ModelConfig = message('ModelConfig', {
  name: one(1, string),
  platform: one(2, string),
  version_policy: one(3, ModelVersionPolicy),
  max_batch_size: one(4, int32),
  input: many(5, ModelInput),
  output: many(6, ModelOutput),
  instance_group: many(7, ModelInstanceGroup),
  default_model_filename: one(8, string),
  dynamic_batching: choice(11, ModelDynamicBatching),
  parameters: map(14, message('ModelParameter', { string_value: one(1, string) })),
  backend: one(17, string),
});
