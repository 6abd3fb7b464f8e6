import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkModelFile } from './check-model-file.js';
import { readOnnxHeader } from './read-onnx-header.js';
import { IR_VERSION_MAX, OPERATOR_SET_MAX, RUNTIME } from './runtime-operators.js';

/** Files that skl2onnx and onnxmltools wrote: test/fixtures/make_converted_models.py. */
const read = (name: string): Uint8Array =>
  readFileSync(new URL(`../../test/fixtures/converted/${name}.onnx`, import.meta.url));

const inputs = [{}, {}, {}];
const SIGNATURES = {
  binary: { task: 'binary-classification', inputs },
  classes: { task: 'multiclass-classification', classes: ['low', 'middle', 'high'], inputs },
  regression: { task: 'regression', inputs },
  anomaly: { task: 'anomaly-detection', inputs },
} as const;

const check = (name: string, kind: keyof typeof SIGNATURES): string =>
  checkModelFile(read(name), SIGNATURES[kind]).join('; ');

it.each([
  ['sklearn-logistic', 'binary'],
  ['sklearn-forest', 'binary'],
  ['lightgbm', 'binary'],
  ['xgboost', 'binary'],
  ['sklearn-three-classes', 'classes'],
  ['sklearn-regression', 'regression'],
  ['sklearn-regression-value', 'regression'],
  ['xgboost-regression', 'regression'],
] as const)('a rightly converted file is taken: %s', (name, kind) => {
  expect(check(name, kind)).toBe('');
});

describe('a wrongly converted file is refused with the way to convert it right', () => {
  it.each([
    ['sklearn-logistic-zipmap', 'binary', 'options={id(model): {"zipmap": False}}) with skl2onnx'],
    ['lightgbm-zipmap', 'binary', 'convert_lightgbm(model, ..., zipmap=False)'],
    [
      'sklearn-column-inputs',
      'binary',
      'its inputs are: age, dose, slope. With skl2onnx or onnxmltools: initial_types=[("features", FloatTensorType([None, 3]))]',
    ],
    ['sklearn-double', 'binary', 'the input is not float32 but float64. With skl2onnx or onnxmltools: initial_types='],
    ['sklearn-one-row', 'binary', 'fixed at 1; export it with a dynamic first dimension. With skl2onnx'],
    ['sklearn-text-labels', 'binary', 'train it on the numbers of the classes'],
    [
      'sklearn-isolation',
      'anomaly',
      'named score (float32, in [0, 1], higher is stranger); its outputs are: label, scores',
    ],
    ['sklearn-three-classes', 'binary', 'its output probabilities must hold 2 values per row'],
    ['unknown-domain', 'binary', `operators that ${RUNTIME} does not have (ai.onnx.contrib:Scaler)`],
    ['unknown-operator', 'binary', `operators that ${RUNTIME} does not have (ai.onnx.ml:StandardScaler)`],
  ] as const)('%s', (name, kind, told) => {
    expect(check(name, kind)).toContain(told);
  });

  it('a ZipMap is told once, by the converter that wrote it', () => {
    const faults = checkModelFile(read('lightgbm-zipmap'), SIGNATURES.binary);
    expect(faults).toHaveLength(1);
    expect(faults[0]).not.toContain('skl2onnx');
  });

  it('a file from the future', () => {
    const { operatorSets } = readOnnxHeader(read('sklearn-logistic'));
    expect(operatorSets.get('')).toBeLessThanOrEqual(OPERATOR_SET_MAX.get('') ?? 0);
    const future = Uint8Array.from(read('sklearn-logistic'));
    expect(future[0]).toBe(8); // the field ir_version, first in the file
    future[1] = IR_VERSION_MAX + 1;
    expect(checkModelFile(future, SIGNATURES.binary).join()).toContain(`its IR version is ${IR_VERSION_MAX + 1}`);
  });
});
