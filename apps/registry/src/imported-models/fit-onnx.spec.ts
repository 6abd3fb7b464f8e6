import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkModelFile } from '../model-files/check-model-file.js';
import { ONNX_FLOAT, ONNX_INT64, readOnnxHeader } from '../model-files/read-onnx-header.js';
import { describeSignature } from './describe-signature.js';
import { fitOnnx } from './fit-onnx.js';
import { readTensorNames, renameTensors } from './rename-tensors.js';

/** Files that skl2onnx and onnxmltools wrote: test/fixtures/make_converted_models.py. */
const read = (name: string): Uint8Array =>
  readFileSync(new URL(`../../test/fixtures/converted/${name}.onnx`, import.meta.url));

const namesOf = (values: readonly { readonly name: string }[]): string[] => values.map(({ name }) => name);

/** The file as it is served, once it is fitted and found right. */
function fitAndCheck(file: Uint8Array) {
  const fitted = fitOnnx(file);
  if (!fitted) throw new Error('It is of no task.');
  const signature = describeSignature({ ...fitted, columns: fitted.columns ?? 3 }, null);
  return { ...fitted, signature, faults: checkModelFile(fitted.file, signature) };
}

it.each([
  ['sklearn-logistic', 'binary-classification'],
  ['sklearn-forest', 'binary-classification'],
  ['lightgbm', 'binary-classification'],
  ['xgboost', 'binary-classification'],
  ['sklearn-three-classes', 'multiclass-classification'],
  ['sklearn-regression', 'regression'],
  ['xgboost-regression', 'regression'],
])('a file that has the names of serving stays as it is: %s', (name, task) => {
  const { file, task: found, faults } = fitAndCheck(read(name));
  expect({ found, faults }).toEqual({ found: task, faults: [] });
  expect(Buffer.from(file).equals(read(name))).toBe(true);
});

it.each(['sklearn-logistic-zipmap', 'lightgbm-zipmap'])(
  'the list of maps at the end becomes the tensor before it: %s',
  (name) => {
    const { file, task, classes, faults } = fitAndCheck(read(name));
    expect({ task, classes, faults }).toEqual({ task: 'binary-classification', classes: ['0', '1'], faults: [] });
    const { outputs, operators } = readOnnxHeader(file);
    expect(outputs).toMatchObject([
      { name: 'label', elementType: ONNX_INT64 },
      { name: 'probabilities', elementType: ONNX_FLOAT, shape: [null, 2] },
    ]);
    expect(operators.get('ai.onnx.ml')?.has('ZipMap')).toBe(false);
  },
);

describe('names', () => {
  it('the one input and the outputs get those that serving asks by', () => {
    const names = new Map([
      ['features', 'float_input'],
      ['label', 'output_label'],
      ['probabilities', 'output_probability'],
    ]);
    const foreign = renameTensors(read('sklearn-logistic'), names);
    expect(namesOf(readOnnxHeader(foreign).inputs)).toEqual(['float_input']);
    const { file, faults } = fitAndCheck(foreign);
    expect(faults).toEqual([]);
    expect(Buffer.from(file).equals(read('sklearn-logistic'))).toBe(true);
  });

  it('a tensor inside that has such a name already makes way', () => {
    const [other] = [...readTensorNames(read('sklearn-logistic'))].filter(
      (name) => name !== 'label' && name !== 'probabilities',
    );
    if (other === undefined) throw new Error('The file has no tensor of its own inside.');
    const foreign = renameTensors(
      read('sklearn-logistic'),
      new Map([
        ['features', 'X'],
        [other, 'features'],
      ]),
    );
    const { file, faults } = fitAndCheck(foreign);
    expect(faults).toEqual([]);
    expect(readTensorNames(file)).toContain('features_inside');
  });
});

it('takes float32 in place of float64, and answers it', () => {
  const { file, faults } = fitAndCheck(read('sklearn-double'));
  expect(faults).toEqual([]);
  const { inputs, outputs } = readOnnxHeader(file);
  expect(inputs).toMatchObject([{ name: 'features', elementType: ONNX_FLOAT, shape: [null, 3] }]);
  expect(outputs).toMatchObject([{ name: 'label' }, { name: 'probabilities', elementType: ONNX_FLOAT }]);
});

it('answers the number of the class where the file answers its name, and keeps the names for the signature', () => {
  const { file, signature, faults } = fitAndCheck(read('sklearn-text-labels'));
  expect({ faults, classes: signature.classes }).toEqual({ faults: [], classes: ['no', 'yes'] });
  expect(readOnnxHeader(file).outputs).toMatchObject([
    { name: 'label', elementType: ONNX_INT64 },
    { name: 'probabilities' },
  ]);
});

it.each([
  ['sklearn-column-inputs', 'its inputs are: age, dose, slope'],
  ['sklearn-one-row', 'fixed at 1'],
  ['sklearn-isolation', 'named score'],
])('what cannot be fitted is told as by an upload: %s', (name, told) => {
  expect(fitAndCheck(read(name)).faults.join()).toContain(told);
});
