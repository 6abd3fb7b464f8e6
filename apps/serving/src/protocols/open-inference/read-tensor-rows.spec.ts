import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidRowsError } from '../../predict/columns.js';
import { type ReadRows, RowReader } from '../../predict/row-reader.js';
import { TensorRowReader } from './read-tensor-rows.js';
import { readHead, readJsonTensor, type Tensor } from './tensor.js';

type Cell = number | string | null;
interface Table {
  readonly inputs: readonly SignatureInput[];
  readonly rows: readonly (readonly Cell[])[];
}

const KNOWN = ['nurse', 'teacher'];
const CODES = [3, 6, 7];
const ROWS_MAX = 50;
const number = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-1, 0, 1, ...CODES, 1e300, -1e39),
);

/** An input and what may be sent for it. */
const column = (index: number) =>
  fc
    .record({
      kind: fc.constantFrom('number', 'boolean', 'codes', 'texts'),
      missing: fc.constantFrom('allowed', 'refused'),
      bounds: fc.option(
        fc.tuple(fc.float({ min: -10, max: 0, noNaN: true }), fc.float({ min: 0, max: 10, noNaN: true })),
      ),
      range: fc.option(fc.tuple(fc.constantFrom(null, -5), fc.constantFrom(null, 5))),
    })
    .map(({ kind, missing, bounds, range }) => ({
      cells: fc.oneof(fc.constant(null), kind === 'texts' ? fc.constantFrom(...KNOWN, 'astronaut') : number),
      input: {
        name: `c${index}`,
        type: kind === 'number' || kind === 'boolean' ? kind : 'category',
        description: '',
        allowed: kind === 'codes' ? CODES : null,
        range: kind === 'number' ? range : null,
        missing,
        trainingRange: kind === 'number' ? bounds : null,
        ...(kind === 'texts' && { categories: KNOWN }),
      } satisfies SignatureInput,
    }));

const table: fc.Arbitrary<Table> = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.tuple(...Array.from({ length: width }, (_, index) => column(index))))
  .chain((columns) =>
    fc
      .array(fc.tuple(...columns.map(({ cells }) => cells)), { minLength: 1, maxLength: 6 })
      .map((rows) => ({ inputs: columns.map(({ input }) => input), rows })),
  );

const signatureOf = ({ inputs }: Table): ModelSignature => ({
  ...{ task: 'binary-classification', target: 'y', codings: {} },
  inputs: [...inputs],
});

const tensorOf = (name: string, datatype: string, cells: readonly (readonly Cell[])[]): Tensor => {
  const head = readHead({ name, datatype, shape: [cells.length, cells[0]?.length ?? 0] }, name);
  return readJsonTensor(head, cells.flat(), name);
};
const isText = ({ categories }: SignatureInput): boolean => categories !== undefined;

/** One tensor for each column. */
const byColumn = ({ inputs, rows }: Table): Tensor[] =>
  inputs.map((input, index) =>
    tensorOf(
      input.name,
      isText(input) ? 'BYTES' : 'FP64',
      rows.map((row) => [row[index] ?? null]),
    ),
  );

/** The graph's own tensors. */
const byGraph = ({ inputs, rows }: Table, datatype: string): Tensor[] =>
  [
    tensorOf(
      'features',
      datatype,
      rows.map((row) => row.filter((_, index) => !isText(inputs[index]!))),
    ),
    tensorOf(
      'texts',
      'BYTES',
      rows.map((row) => row.filter((_, index) => isText(inputs[index]!))),
    ),
  ].filter(({ size }) => size > 0);

const outcomeOf = (read: () => ReadRows) => {
  try {
    const { count, features, values, warnings, texts, queries } = read();
    return { count, features: [...features], values: [...values], warnings, texts, queries };
  } catch (error) {
    if (!(error instanceof InvalidRowsError)) throw error;
    return { kinds: [...error.kinds].sort() };
  }
};
const named = (reader: RowReader, { inputs, rows }: Table) =>
  reader.read(
    rows.map((row) => Object.fromEntries(inputs.map(({ name }, index) => [name, row[index]]))),
    'rows.',
    undefined,
  );

// Guards the rules of a signature: whichever way a row comes in, it is the same row, or refused for the same reasons.
it('rows are the same, with the same warnings, as named fields, as columns and as the tensors of the graph', () => {
  fc.assert(
    fc.property(table, (given) => {
      const reader = new RowReader(signatureOf(given));
      const tensors = new TensorRowReader(reader.columns, ROWS_MAX);
      const expected = outcomeOf(() => named(reader, given));
      expect(outcomeOf(() => tensors.read(byColumn(given)))).toEqual(expected);
      expect(outcomeOf(() => tensors.read(byGraph(given, 'FP64')))).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it('numbers sent in float32 are judged and kept as float32, and the model sees the same', () => {
  fc.assert(
    fc.property(table, (given) => {
      const reader = new RowReader(signatureOf(given));
      const tensors = new TensorRowReader(reader.columns, ROWS_MAX);
      const rounded = {
        ...given,
        rows: given.rows.map((row) => row.map((cell) => (typeof cell === 'number' ? Math.fround(cell) : cell))),
      };
      const expected = outcomeOf(() => named(reader, rounded));
      expect(outcomeOf(() => tensors.read(byGraph(given, 'FP32')))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

it('more rows than are taken, other numbers of rows and names of nothing are refused', () => {
  const given = {
    inputs: [
      { ...INPUT, name: 'a' },
      { ...INPUT, name: 'b' },
    ],
    rows: [[1, 2]],
  };
  const reader = new TensorRowReader(new RowReader(signatureOf(given)).columns, 2);
  const ofRows = (name: string, count: number) => tensorOf(name, 'FP32', Array(count).fill([1]));
  for (const [inputs, words] of [
    [[ofRows('a', 3), ofRows('b', 3)], /1 to 2/],
    [[ofRows('a', 2), ofRows('b', 1)], /another number of rows/],
    [[ofRows('a', 1), ofRows('c', 1)], /no input of this model/],
    [[tensorOf('features', 'FP32', [[1]])], /\[rows, 2\]/],
  ] as const)
    expect(() => reader.read(inputs)).toThrow(words);
});

const INPUT: SignatureInput = {
  ...{ name: '', type: 'number', description: '', allowed: null, range: null, missing: 'allowed', trainingRange: null },
};
