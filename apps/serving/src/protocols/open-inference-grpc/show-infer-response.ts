import type { InferenceAnswer } from '@gimbal/contracts';
import type { OpenInferred } from '../open-inference/open-inference.js';
import { type ShownOutput, showOutput, toBytes } from '../open-inference/show-inference.js';

type Response = InferenceAnswer<'ModelInfer'>;

function contentsOf({ datatype, elements }: ShownOutput) {
  if (datatype === 'BYTES') return { bytes_contents: elements.map((text) => Buffer.from(text)) };
  return datatype === 'INT64' ? { int64_contents: elements } : { fp32_contents: elements };
}

/** @param isRaw as bytes, as the inputs came: Triton's clients read nothing else */
export function showInferResponse({ inferred, id, outputs: chosen }: OpenInferred, isRaw: boolean): Response {
  const { modelName, planned } = inferred.version;
  const { insteadOf, logged } = inferred;
  const shown = chosen.map((output) => ({ name: output.spec.name, ...showOutput(inferred, output) }));
  return {
    model_name: modelName,
    model_version: String(planned.version),
    id: id ?? '',
    parameters: {
      prediction_id: { string_param: logged.firstId },
      ...(insteadOf && { failover_from_version: { string_param: String(insteadOf.planned.version) } }),
    },
    outputs: shown.map(({ name, ...output }) => ({
      name,
      datatype: output.datatype,
      shape: output.shape,
      ...(!isRaw && { contents: contentsOf(output) }),
    })),
    raw_output_contents: isRaw ? shown.map(toBytes) : [],
  };
}
