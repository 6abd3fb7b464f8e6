import { expect, it } from '@jest/globals';
import { describeSignature } from './describe-signature.js';
import { readMlModel } from './read-ml-model.js';

const onnx = (inputs?: object[]): string =>
  [
    'artifact_path: model',
    'flavors:',
    '  onnx:',
    '    data: model.onnx',
    "    onnx_version: '1.23.2'",
    '  python_function:',
    '    loader_module: mlflow.onnx',
    ...(inputs ? ['signature:', `  inputs: '${JSON.stringify(inputs)}'`, '  params: null'] : []),
  ].join('\n');

it('tells the flavor, its file and the columns', () => {
  expect(readMlModel(onnx([{ type: 'double', name: 'age', required: true }, { type: 'long' }]))).toEqual({
    flavors: ['onnx'],
    onnxFile: 'model.onnx',
    inputs: [
      { name: 'age', type: 'double', required: true },
      { name: null, type: 'long', required: true },
    ],
  });
  expect(readMlModel(onnx()).inputs).toBeNull();
  expect(readMlModel('flavors: {sklearn: {pickled_model: model.pkl}}')).toMatchObject({
    flavors: ['sklearn'],
    onnxFile: null,
  });
});

it.each([
  ['no YAML', '{{'],
  ['no flavors', 'a: 1'],
  [
    'aliases that multiply',
    `a: &a [x]\n${Array.from({ length: 30 }, (_, at) => `b${at}: &b${at} [${'*a,'.repeat(20)}*a]`).join('\n')}`,
  ],
])('is refused: %s', (_, text) => {
  expect(() => readMlModel(text)).toThrow('invalid-model-file');
});

it('names the inputs by the columns where they are as many, else by their number', () => {
  const model = { task: 'regression', classes: [], takesMissing: false, columns: 2 } as const;
  const column = (name: string | null, required = true) => ({ name, type: 'double', required });
  const named = describeSignature(model, [column('age'), column('dose', false)]);
  expect(named.inputs).toMatchObject([
    { name: 'age', missing: 'refused' },
    { name: 'dose', missing: 'allowed' },
  ]);
  for (const columns of [null, [column('age')], [column('age'), column('age')], [column('age'), column(null)]])
    expect(describeSignature(model, columns).inputs.map(({ name }) => name)).toEqual(['feature_0', 'feature_1']);
});
