import type { OpenModel, OpenModelConfig } from '@gimbal/contracts';
import type { z } from 'zod';
import type { ServedVersion } from '../../traffic/served-models.js';
import { inputsOf, outputsOf, type TensorSpec } from './model-tensors.js';

/** The name by which Open Inference knows the format, and by which Triton knows the runtime. */
const PLATFORM = 'onnx_onnxv1';
const TRITON_PLATFORM = 'onnxruntime_onnx';

const metadataOf = ({ shape, ...tensor }: TensorSpec) => ({ ...tensor, shape: [...shape] });

/** GET `v2/models/{m}[/versions/{v}]`. @param versions that are loaded */
export function describeModel(
  { modelName, planned }: ServedVersion,
  versions: readonly number[],
): z.output<typeof OpenModel> {
  return {
    name: modelName,
    versions: versions.map(String),
    platform: PLATFORM,
    inputs: inputsOf(planned.signature).map(metadataOf),
    outputs: outputsOf(planned.signature).map(metadataOf),
  };
}

type ModelConfig = z.output<typeof OpenModelConfig>;

const DATA_TYPES = { FP32: 'TYPE_FP32', INT64: 'TYPE_INT64', BYTES: 'TYPE_STRING' } as const;

/** Triton counts rows apart from the other dimensions; a tensor of rows only has one that is taken away again. */
const configOf = ({ name, datatype, shape }: TensorSpec): ModelConfig['input'][number] => ({
  name,
  data_type: DATA_TYPES[datatype],
  ...(shape.length > 1 ? { dims: shape.slice(1) } : { dims: [1], reshape: { shape: [] } }),
});

/** GET `v2/models/{m}[/versions/{v}]/config`, as Triton's `ModelConfig`. */
export function describeConfig(
  { modelName, planned, graph }: ServedVersion,
  { versions, rowsMax }: { readonly versions: readonly number[]; readonly rowsMax: number },
): ModelConfig {
  return {
    name: modelName,
    platform: TRITON_PLATFORM,
    backend: 'onnxruntime',
    version_policy: { specific: { versions: [...versions] } },
    max_batch_size: rowsMax,
    input: inputsOf(planned.signature).map(configOf),
    output: outputsOf(planned.signature).map(configOf),
    // Rows that are in flight together run together; none waits for company.
    dynamic_batching: {
      ...(graph.opened && { preferred_batch_size: [graph.opened.scorer.batchRowsMax] }),
      max_queue_delay_microseconds: 0,
    },
    instance_group: [{ name: modelName, kind: 'KIND_CPU', count: 1 }],
    default_model_filename: 'model.onnx',
    parameters: {
      artifact_sha256: { string_value: graph.digest },
      threshold: { string_value: String(planned.threshold) },
      ...(graph.opened && {
        runs_in: { string_value: graph.opened.where },
        batch_certificate: { string_value: JSON.stringify(graph.opened.report.certificate) },
      }),
    },
  };
}
