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

const features = tensor('features', FLOAT, 'N', 3);
const faultsOf = (parts: Partial<Parameters<typeof onnxFile>[0]>) =>
  checkModelFile(onnxFile({ inputs: [features], outputs: [LABEL, PROBABILITY], ...parts }), 3).join('; ');

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
    expect(checkModelFile(file, 3)).toEqual([]);
  });
});

describe('a file that serving cannot run is refused', () => {
  it('not when it fits', () => {
    expect(checkModelFile(servableFile(13), 13)).toEqual([]);
    expect(faultsOf({ inputs: [tensor('features', FLOAT, 'N', 'F')] })).toBe('');
    expect(faultsOf({ outputs: [LABEL, tensor('probability', FLOAT, 'N', 1)] })).toBe('');
  });

  it('with ZipMap, and told how to export without it', () => {
    expect(faultsOf({ outputs: [LABEL, sequenceOfMaps('output_probability')], operators: ['ZipMap'] })).toContain(
      'options={"zipmap": False}',
    );
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
    ['operators of an unknown domain', { domains: ['', 'my.company'] }, 'my.company'],
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
    expect(checkModelFile(Buffer.from('PK\u0003\u0004 a zip'), 3).join()).toContain('not an ONNX file');
    expect(checkModelFile(new Uint8Array(), 3).join()).toContain('not an ONNX file');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) =>
        expect(checkModelFile(bytes, 3).length).toBeGreaterThan(0),
      ),
    );
  });

  it('when it was cut off or altered anywhere, without an error of ours', () => {
    const file = servableFile(3);
    for (let length = 0; length < file.length; length++)
      expect(Array.isArray(checkModelFile(file.subarray(0, length), 3))).toBe(true);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const altered = Uint8Array.from(file);
        altered[at] = byte;
        expect(Array.isArray(checkModelFile(altered, 3))).toBe(true);
      }),
    );
  });

  it('when its graphs nest without end', () => {
    let graph = message([2, 'innermost']);
    for (let depth = 0; depth < 50; depth++) graph = message([1, message([4, 'If'], [5, message([6, graph])])]);
    expect(checkModelFile(message([1, 8], [7, graph]), 3).join()).toContain('nest too deep');
  });
});
