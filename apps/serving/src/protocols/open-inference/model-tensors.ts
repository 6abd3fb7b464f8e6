import type { ModelSignature, Task } from '@gimbal/contracts';

/** A tensor of a model as its metadata tell of it; -1: as many as there are rows. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: 'FP32' | 'INT64' | 'BYTES';
  readonly shape: readonly number[];
}

export const FEATURES = 'features';
export const TEXTS = 'texts';
export const QUERY = 'query';

/** The graph's own inputs: columns that it takes as numbers, in the signature's order, and those that it takes as texts; or one free text. */
export function inputsOf({ inputs, task }: ModelSignature): readonly TensorSpec[] {
  if (task === 'text-classification') return [{ name: QUERY, datatype: 'BYTES', shape: [-1] }];
  const texts = inputs.filter(({ categories }) => categories !== undefined).length;
  const own: readonly TensorSpec[] = [
    { name: FEATURES, datatype: 'FP32', shape: [-1, inputs.length - texts] },
    { name: TEXTS, datatype: 'BYTES', shape: [-1, texts] },
  ];
  return own.filter(({ shape }) => shape[1] !== 0);
}

export const LABEL = 'label';

/** A signed receipt of each row; an output only for those who ask for it by name. */
export const RECEIPT: TensorSpec = { name: 'receipt', datatype: 'BYTES', shape: [-1] };

const NUMBERS: Readonly<Record<Task, string>> = {
  'binary-classification': 'probability',
  'multiclass-classification': 'probabilities',
  'text-classification': 'probabilities',
  'anomaly-detection': 'score',
  regression: 'value',
};

/** What a row is answered with: the label by the threshold in force (-1: abstained), and the numbers behind it. */
export function outputsOf({ task, classes }: ModelSignature): readonly TensorSpec[] {
  const name = NUMBERS[task];
  const numbers: TensorSpec = {
    name,
    datatype: 'FP32',
    shape: name === 'probabilities' ? [-1, classes?.length ?? 1] : [-1],
  };
  return task === 'regression' ? [numbers] : [{ name: LABEL, datatype: 'INT64', shape: [-1] }, numbers];
}
