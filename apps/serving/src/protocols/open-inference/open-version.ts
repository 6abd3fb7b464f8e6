import type { ServedVersion } from '../../traffic/served-models.js';
import { outputsOf, type TensorSpec } from './model-tensors.js';
import { TensorRowReader } from './read-tensor-rows.js';

/** What of a version is the same for every request. */
export interface OpenVersion {
  readonly reader: TensorRowReader;
  readonly outputs: readonly TensorSpec[];
  /** The longest name of a class, as UTF-8; 0 without names. */
  readonly classBytesMax: number;
  /** What every answer begins with. */
  readonly answerHead: string;
}

export function openVersion({ modelName, planned, reader }: ServedVersion, rowsMax: number): OpenVersion {
  const { classes = [] } = planned.signature;
  return {
    reader: new TensorRowReader(reader.columns, rowsMax),
    outputs: outputsOf(planned.signature),
    classBytesMax: classes.reduce((most, name) => Math.max(most, Buffer.byteLength(name)), 0),
    answerHead: `{"model_name":${JSON.stringify(modelName)},"model_version":"${planned.version}",`,
  };
}
