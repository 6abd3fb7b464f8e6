import { z } from 'zod';

/*
 * The forms of Open Inference Protocol v2 (kserve/open-inference-protocol, specification/protocol/inference_rest.md) as they are documented
 * at the door. Serving reads tensors by hand, without these: they would make an object of every number.
 */

const Parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const Shape = z.array(z.int().min(-1));
const Datatype = z.enum([
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
]);
/** Nested by the shape, or flat and row by row; null is a missing value. */
const TensorData = z.array(z.unknown());
const TensorMetadata = z.object({ name: z.string(), datatype: Datatype, shape: Shape });

/** What the server is. */
export const OpenServer = z.object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) });
export const OpenLive = z.object({ live: z.boolean() });
export const OpenReady = z.object({ ready: z.boolean() });
export const OpenModels = z.object({ models: z.array(z.string()) });
/** Inputs and outputs of a model; -1 in a shape: as many as there are rows. */
export const OpenModel = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(TensorMetadata),
  outputs: z.array(TensorMetadata),
});
export const OpenModelReady = z.object({ name: z.string(), ready: z.boolean() });

/** `data` is missing where the elements follow the JSON as bytes. */
const Tensor = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  datatype: Datatype,
  parameters: Parameters.optional(),
  data: TensorData.optional(),
});

/** Either the graph's own inputs, as the metadata name them, or one tensor for each column by its name, of shape [rows] or [rows, 1]. */
export const OpenInferRequest = z.object({
  id: z.string().optional(),
  parameters: Parameters.optional(),
  inputs: z.array(Tensor).min(1),
  outputs: z.array(z.object({ name: z.string(), parameters: Parameters.optional() })).optional(),
});
/** `parameters.prediction_id` is the id of the first row; those of the others count on from its last eight digits. */
export const OpenInferAnswer = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  parameters: Parameters,
  outputs: z.array(Tensor),
});

/** A tensor without its first dimension, the rows; one of rows only has a dimension of one that is taken away again. */
const ConfiguredTensor = z.object({
  name: z.string(),
  data_type: z.enum(['TYPE_FP32', 'TYPE_INT64', 'TYPE_STRING']),
  dims: z.array(z.int().min(1)),
  reshape: z.object({ shape: z.array(z.int()) }).optional(),
});
/** Triton's `ModelConfig`, as far as it says something of a model here. */
export const OpenModelConfig = z.object({
  name: z.string(),
  platform: z.string(),
  backend: z.string(),
  version_policy: z.object({ specific: z.object({ versions: z.array(z.int()) }) }),
  /** Most rows of one request. */
  max_batch_size: z.int(),
  input: z.array(ConfiguredTensor),
  output: z.array(ConfiguredTensor),
  dynamic_batching: z.object({
    /** Rows; missing while the model is not in memory. */
    preferred_batch_size: z.array(z.int()).optional(),
    max_queue_delay_microseconds: z.int(),
  }),
  instance_group: z.array(z.object({ name: z.string(), kind: z.literal('KIND_CPU'), count: z.int() })),
  default_model_filename: z.string(),
  parameters: z.record(z.string(), z.object({ string_value: z.string() })),
});
/** How often, and how long in all; nanoseconds. */
const Duration = z.object({ count: z.int(), ns: z.int() });
export const OpenStatistics = z.object({
  model_stats: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      /** Milliseconds since 1970; 0 when there was none. */
      last_inference: z.int(),
      /** Rows that were answered. */
      inference_count: z.int(),
      /** Runs of the model that answered them. */
      execution_count: z.int(),
      inference_stats: z.object({
        success: Duration,
        fail: Duration,
        queue: Duration,
        compute_input: Duration,
        compute_infer: Duration,
        compute_output: Duration,
        cache_hit: Duration,
        cache_miss: Duration,
      }),
      response_stats: z.object({}),
      batch_stats: z.array(
        z.object({
          batch_size: z.int(),
          compute_input: Duration,
          compute_infer: Duration,
          compute_output: Duration,
        }),
      ),
      memory_usage: z.array(z.unknown()),
    }),
  ),
});
export const OpenRepositoryQuery = z.object({ ready: z.boolean().optional() });
export const OpenRepositoryIndex = z.array(
  z.object({
    name: z.string(),
    version: z.string().optional(),
    state: z.enum(['READY', 'LOADING', 'UNAVAILABLE']),
    reason: z.string(),
  }),
);
export const OpenLoadModel = z.object({ parameters: Parameters.optional() });
export const OpenLogSettings = z.object({
  log_file: z.string(),
  log_info: z.boolean(),
  log_warning: z.boolean(),
  log_error: z.boolean(),
  log_verbose_level: z.int().min(0).max(1),
  log_format: z.string(),
});
export const OpenLogChange = OpenLogSettings.omit({ log_file: true, log_format: true }).partial();
/** Every refusal of these routes. */
export const OpenError = z.object({ error: z.string() });
