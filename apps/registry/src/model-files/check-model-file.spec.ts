import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  FLOAT,
  INT64,
  LABEL,
  message,
  onnxFile,
  PROBABILITY,
  sequenceOfMaps,
  servableFile,
  tensor,
} from '../../test/write-onnx.js';
import { checkModelFile } from './check-model-file.js';
import { readOnnxHeader } from './read-onnx-header.js';

/** A signature of so many numbers. */
const numbers = (count: number) =>
  ({ task: 'binary-classification', inputs: Array.from({ length: count }, () => ({})) }) as const;
const features = tensor('features', FLOAT, 'N', 3);
const faultsOf = (parts: Partial<Parameters<typeof onnxFile>[0]>) =>
  checkModelFile(onnxFile({ inputs: [features], outputs: [LABEL, PROBABILITY], ...parts }), numbers(3)).join('; ');

describe('what an ONNX file says of itself', () => {
  it('is read without running it', () => {
    const header = readOnnxHeader(servableFile(3));
    expect(header).toMatchObject({ irVersion: 8, producer: 'gimbal-test', hasExternalData: false });
    expect(header.inputs).toEqual([{ name: 'features', kind: 'tensor', elementType: FLOAT, shape: [null, 3] }]);
    expect(header.outputs.map(({ name, elementType }) => [name, elementType])).toEqual([
      ['label', INT64],
      ['probability', FLOAT],
    ]);
    expect([...header.operatorSets]).toEqual([
      ['', 3],
      ['ai.onnx.ml', 3],
    ]);
  });

  it('leaves out inputs that are constants, as files before IR version 4 list them', () => {
    const file = onnxFile({
      inputs: [features, tensor('weights', FLOAT, 3)],
      outputs: [LABEL, PROBABILITY],
      constants: [message([8, 'weights'])],
    });
    expect(checkModelFile(file, numbers(3))).toEqual([]);
  });
});

describe('a file that serving cannot run is refused', () => {
  it('not when it fits', () => {
    expect(checkModelFile(servableFile(13), numbers(13))).toEqual([]);
    expect(faultsOf({ inputs: [tensor('features', FLOAT, 'N', 'F')] })).toBe('');
    expect(faultsOf({ outputs: [LABEL, tensor('probability', FLOAT, 'N', 1)] })).toBe('');
  });

  it('with ZipMap, and told how to export without it', () => {
    expect(
      faultsOf({ outputs: [LABEL, sequenceOfMaps('output_probability')], operators: ['ai.onnx.ml:ZipMap'] }),
    ).toContain('options={id(model): {"zipmap": False}}');
    expect(faultsOf({ outputs: [LABEL, sequenceOfMaps('probability')] })).toContain('ZipMap');
  });

  it.each([
    ['another number of inputs', { inputs: [tensor('features', FLOAT, 'N', 4)] }, '[?, 4]'],
    ['another input name', { inputs: [tensor('float_input', FLOAT, 'N', 3)] }, 'float_input'],
    ['two inputs', { inputs: [features, tensor('more', FLOAT, 'N', 1)] }, 'features, more'],
    ['no input', { inputs: [] }, 'none'],
    ['float64 input', { inputs: [tensor('features', 11, 'N', 3)] }, 'not float32'],
    ['a fixed number of rows', { inputs: [tensor('features', FLOAT, 1, 3)] }, 'fixed at 1'],
    ['no probability', { outputs: [LABEL] }, 'named probability'],
    ['text labels', { outputs: [tensor('label', 8, 'N'), PROBABILITY] }, 'label must be int64'],
    ['a probability per class', { outputs: [LABEL, tensor('probability', FLOAT, 'N', 2)] }, 'one value per row'],
    ['operators of an unknown domain', { operators: ['Relu', 'my.company:Relu'] }, '(my.company:Relu)'],
    ['operators of extensions', { operators: ['ai.onnx.contrib:BertTokenizer'] }, 'onnxruntime-extensions'],
    ['operators that are nowhere', { operators: ['ai.onnx.ml:StandardScaler'] }, 'ai.onnx.ml:StandardScaler'],
    ['operators that only a graphics card has', { operators: ['com.microsoft:Irfft'] }, 'com.microsoft:Irfft'],
    // A path in a model file would make the runtime read another file of the machine.
    [
      'tensors in other files',
      { constants: [message([8, 'w'], [13, message([1, 'location'], [2, '/etc/passwd'])], [14, 1])] },
      'one file',
    ],
  ])('with %s', (_what, parts, told) => {
    expect(faultsOf(parts)).toContain(told);
  });

  it('when it is no ONNX file, whatever the bytes', () => {
    expect(checkModelFile(Buffer.from('PK\u0003\u0004 a zip'), numbers(3)).join()).toContain('not an ONNX file');
    expect(checkModelFile(new Uint8Array(), numbers(3)).join()).toContain('not an ONNX file');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) =>
        expect(checkModelFile(bytes, numbers(3)).length).toBeGreaterThan(0),
      ),
    );
  });

  it('when it was cut off or altered anywhere, without an error of ours', () => {
    const file = servableFile(3);
    for (let length = 0; length < file.length; length++)
      expect(Array.isArray(checkModelFile(file.subarray(0, length), numbers(3)))).toBe(true);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const altered = Uint8Array.from(file);
        altered[at] = byte;
        expect(Array.isArray(checkModelFile(altered, numbers(3)))).toBe(true);
      }),
    );
  });

  it('when its graphs nest without end', () => {
    let graph = message([2, 'innermost']);
    for (let depth = 0; depth < 50; depth++) graph = message([1, message([4, 'If'], [5, message([6, graph])])]);
    expect(checkModelFile(message([1, 8], [7, graph]), numbers(3)).join()).toContain('nest too deep');
  });
});

describe('what decides is what a file uses', () => {
  it('not the domains that it names besides', () => {
    expect(faultsOf({ domains: ['', 'my.company'] })).toBe('');
  });

  it('and operators that it defines itself as functions are its own', () => {
    const parts = { operators: ['my.company:Twice'], functions: ['my.company:Twice'] };
    expect(faultsOf(parts)).toBe('');
    expect(faultsOf({ ...parts, functions: ['my.company:Thrice'] })).toContain('my.company:Twice');
  });
});

describe('each task has tensors of its own', () => {
  const text = { categories: ['a', 'b'] };
  const classes = ['a', 'b', 'c'];
  const STRING = 8;
  const texts = tensor('texts', STRING, 'N', 1);
  const probabilities = (columns: number | string) => tensor('probabilities', FLOAT, 'N', columns);
  type Signature = Parameters<typeof checkModelFile>[1];

  it.each<[string, Signature, Parameters<typeof onnxFile>[0]]>([
    [
      'numbers and texts',
      { task: 'binary-classification', inputs: [{}, text, {}] },
      { inputs: [tensor('features', FLOAT, 'N', 2), texts], outputs: [LABEL, PROBABILITY] },
    ],
    [
      'texts alone',
      { task: 'regression', inputs: [text] },
      { inputs: [texts], outputs: [tensor('value', FLOAT, 'N')] },
    ],
    [
      'a free text',
      { task: 'text-classification', classes, inputs: [{}] },
      { inputs: [tensor('query', STRING, 'N')], outputs: [LABEL, probabilities(3)] },
    ],
    [
      'three classes',
      { task: 'multiclass-classification', classes, inputs: [{}, {}, {}] },
      { inputs: [features], outputs: [LABEL, probabilities(3)] },
    ],
    [
      'a score',
      { task: 'anomaly-detection', inputs: [{}, {}, {}] },
      { inputs: [features], outputs: [LABEL, tensor('score', FLOAT, 'N')] },
    ],
  ])('%s', (_, signature, parts) => {
    expect(checkModelFile(onnxFile(parts), signature)).toEqual([]);
    expect(checkModelFile(onnxFile({ ...parts, inputs: [] }), signature).join()).toContain('its inputs are: none');
    expect(checkModelFile(onnxFile({ ...parts, outputs: [] }), signature).join()).toContain('its outputs are: none');
    const wrong = tensor('features', 7, 'N', 3);
    expect(checkModelFile(onnxFile({ ...parts, inputs: [wrong] }), signature)).not.toEqual([]);
  });

  it.each([
    ['another number of classes', probabilities(4)],
    ['one value per row', tensor('probabilities', FLOAT, 'N')],
    ['float64', tensor('probabilities', 11, 'N', 3)],
  ])('and probabilities of %s are refused', (_, output) => {
    const signature = { task: 'multiclass-classification', classes, inputs: [{}, {}, {}] } as const;
    const faults = checkModelFile(onnxFile({ inputs: [features], outputs: [LABEL, output] }), signature);
    expect(faults).toHaveLength(1);
  });
});
