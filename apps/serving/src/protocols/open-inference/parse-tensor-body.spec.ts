import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NumberList } from './number-list.js';
import { parseTensorBody } from './parse-tensor-body.js';
import { type OpenRequest, readBody, readRequest } from './read-request.js';
import { readJsonTensor } from './tensor.js';

/** A body is only searched for lists when it is long. */
const LONG = ' '.repeat(2_048);

const outcomeOf = (read: () => OpenRequest): unknown => {
  try {
    return read();
  } catch {
    return 'refused';
  }
};
const byJsonParse = (body: Buffer): unknown =>
  outcomeOf(() =>
    readBody(JSON.parse(body.toString('utf8')), (head, { input, path }) => readJsonTensor(head, input['data'], path)),
  );
const expectTheSame = (body: Buffer): void => {
  expect(outcomeOf(() => readRequest({ headers: {}, body }))).toEqual(byJsonParse(body));
};

const number = fc.oneof(fc.integer(), fc.double({ noDefaultInfinity: true }), fc.integer({ min: 0, max: 1 }));
const element = fc.oneof({ weight: 30, arbitrary: number }, fc.constantFrom(null, true, '1', '\x000', '"', []));
const flat = fc.array(element, { maxLength: 6 });
const name = fc.oneof(fc.constantFrom('data', 'inputs', 'x', '\\', '\x000', '"data":[1]'), fc.string());
const input = fc
  .record({
    name,
    datatype: fc.constantFrom('FP32', 'FP64', 'INT64', 'UINT8', 'BOOL', 'BYTES'),
    shape: fc.oneof(
      fc.array(fc.nat(3), { maxLength: 3 }),
      fc.nat(6).map((size) => [size]),
    ),
    data: fc.oneof(flat, fc.array(flat, { maxLength: 3 }), fc.array(number, { maxLength: 6 }), fc.string()),
    parameters: fc.dictionary(name, fc.oneof(flat, fc.string())),
  })
  .map((sent) => ({ ...sent, ...(Array.isArray(sent.data) && isFitting(sent.data) && { shape: [sent.data.length] }) }));
const isFitting = (data: readonly unknown[]): boolean => data.length % 2 === 0;

// Guards what is taken and what is refused: reading lists another way must change neither.
it('a request is what JSON.parse reads of it', () => {
  const request = fc.record(
    { id: fc.oneof(name, fc.constant(1)), data: flat, inputs: fc.array(input, { maxLength: 3 }) },
    { requiredKeys: ['inputs'] },
  );
  fc.assert(
    fc.property(request, fc.constantFrom(undefined, 1), (sent, indent) => {
      expectTheSame(Buffer.from(LONG + JSON.stringify(sent, null, indent)));
    }),
    { numRuns: 400 },
  );
});

it('a damaged body is refused or taken as JSON.parse has it', () => {
  const text =
    LONG +
    '{"id":"x","inputs":[{"name":"a\\"","shape":[2],"datatype":"FP32","data":[1,2.5]},{"name":"data","data" : [[1],[2]]}]}';
  const damage = fc.record({
    at: fc.nat(text.length - LONG.length),
    bytes: fc.uint8Array({ maxLength: 2 }),
    cut: fc.nat(3),
  });
  fc.assert(
    fc.property(damage, ({ at, bytes, cut }) => {
      const whole = Buffer.from(text);
      expectTheSame(
        Buffer.concat([whole.subarray(0, LONG.length + at), bytes, whole.subarray(LONG.length + at + cut)]),
      );
    }),
    { numRuns: 400 },
  );
});

it('lists of numbers are read from the bytes', () => {
  const text = '{"inputs":[{"data":[1,2]},{"data":[[1],[2]]},{"data":[1,"2"]}]}';
  expect(parseTensorBody(Buffer.from(LONG + text))).toMatchObject({
    inputs: [{ data: expect.any(NumberList) }, { data: expect.any(NumberList) }, { data: [1, '2'] }],
  });
});

it.each([
  '{"data":[7],"inputs":[{"data":[1,2]}]}',
  '{"inputs":[{"data":[1,2],"parameters":{"data":[3]}}]}',
  '{"inputs":[{"data":[5],"data":"x"},{"data":[1,2]}]}',
])('a body with lists elsewhere than in inputs is left as it is: %s', (text) => {
  expect(parseTensorBody(Buffer.from(LONG + text))).toEqual(JSON.parse(text));
});

it('a text that looks like the mark of a list is a text', () => {
  const text = '{"inputs":[{"data":[1,2]},{"data":"\\u00000"}]}';
  expect(parseTensorBody(Buffer.from(LONG + text))).toEqual(JSON.parse(text));
});

// Guards the memory that bodies share: a leak would answer one caller with the rows of another.
it.each(['FP32', 'FP64', 'INT64'])('the numbers of a request stay when another one is read: %s', (datatype) => {
  const bodyOf = (value: number): Buffer => {
    const input = (name: string) => ({ name, datatype, shape: [3], data: [value, value + 1, value + 2] });
    return Buffer.from(LONG + JSON.stringify({ inputs: [input('a'), input('b')] }));
  };
  const read = (value: number) =>
    readRequest({ headers: {}, body: bodyOf(value) }).inputs.map(({ numbers }) => numbers);
  const first = read(1);
  read(7);
  expect(first.map((numbers) => [...(numbers ?? [])])).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
});
