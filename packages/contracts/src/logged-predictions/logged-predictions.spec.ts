import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecords } from './decode-log-record.js';
import { encodeDefinition, encodePredictions } from './encode-log-record.js';
import { LOG_RECORD_HEAD_BYTES, sealRecord } from './log-record.js';
import type { LogDefinition, LoggedRow, LoggedRows } from './logged-rows.js';
import { readLoggedPredictions } from './read-logged-predictions.js';

const definition: LogDefinition = {
  modelVersionId: randomUUID(),
  modelName: 'heart-disease',
  modelVersion: 3,
  threshold: 0.43,
  inputs: [
    { name: 'age', outside: 'age is outside 29 to 77', missing: 'age is missing' },
    { name: 'chol', outside: 'chol is outside 126 to 564', missing: 'chol is missing' },
    { name: 'thal', outside: '', missing: 'thal is missing', categories: ['normal', 'fixed'] },
  ],
};

type Request = Omit<LoggedRow, 'id'>;
const REQUEST: Request = {
  createdAtMs: 1_760_000_000_123,
  prediction: 1,
  probability: 0.75,
  latencyMs: 1.5,
  requestId: 'request-1',
  values: Float64Array.of(63, Number.NaN, 1),
  warnings: [],
  texts: [],
  classes: new Float32Array(0),
};

/** Ids of the rows of one request count on in their last 32 bits, round past the greatest. */
const idOf = (first: string, row: number): string =>
  first.slice(0, -8) + ((Number.parseInt(first.slice(-8), 16) + row) >>> 0).toString(16).padStart(8, '0');

const makeRows = (count: number, more: Partial<Request> = {}, firstId: string = randomUUID()): LoggedRow[] =>
  Array.from({ length: count }, (_, row) => ({ ...REQUEST, ...more, id: idOf(firstId, row) }));

/** The rows as they are logged together. */
const asRequest = (rows: readonly LoggedRow[]): LoggedRows => {
  const { id: firstId = '', createdAtMs = 0, latencyMs = 0, requestId = '' } = rows[0] ?? {};
  return {
    ...{ count: rows.length, firstId, createdAtMs, latencyMs, requestId },
    predictions: Float64Array.from(rows, ({ prediction }) => prediction),
    probabilities: Float64Array.from(rows, ({ probability }) => probability),
    values: Float64Array.from(rows.flatMap(({ values }) => [...values])),
    warnings: rows.map(({ warnings }) => warnings),
    texts: rows.map(({ texts }) => texts),
    classes: Float32Array.from(rows.flatMap(({ classes }) => [...classes])),
  };
};

const FORMER: LoggedRow = {
  ...REQUEST,
  id: '0199c9a0-0000-7000-8000-0000ffffffff',
  warnings: [{ input: 1, code: 'missing' }],
};
const FORMER_ROWS: readonly LoggedRow[] = [
  { ...FORMER, classes: Float32Array.of(0.25, 0.75) },
  {
    ...FORMER,
    ...{ id: '0199c9a0-0000-7000-8000-000000000000', prediction: 0, probability: Number.NaN },
    values: Float64Array.of(29, 126.5, Number.NaN),
    ...{ warnings: [], texts: [{ input: 2, text: 'fixé' }], classes: Float32Array.of(0.5, 0.5) },
  },
];
/** Written by those versions. */
const OF_EARLIER_VERSIONS: Readonly<Record<string, { readonly record: string; readonly rows: readonly LoggedRow[] }>> =
  {
    'rows without classes': {
      record:
        'YQAAACZkFeoCAAAAAAEAAAABmcmgAABwAIAAAAD/////ALAHzIKceUIAAAAAAADwPwAAAAAAAOg/AADAPwkAcmVxdWVzdC0xAwAAAAAAAIBPQAAAAAAAAPh/AAAAAAAA8D8BAAEAAQAA',
      rows: [FORMER],
    },
    rows: {
      record:
        '1QAAAJ9AsX8DAAAAAAIAAAABmcmgAABwAIAAAAD/////ALAHzIKceUIAAAAAAADwPwAAAAAAAOg/AADAPwkAcmVxdWVzdC0xAwAAAAAAAIBPQAAAAAAAAPh/AAAAAAAA8D8BAAEAAQAAAgAAAIA+AABAPwGZyaAAAHAAgAAAAAAAAAAAsAfMgpx5QgAAAAAAAAAAAAAAAAAA+H8AAMA/CQByZXF1ZXN0LTEDAAAAAAAAAD1AAAAAAACgX0AAAAAAAAD4fwAAAQACAAUAAABmaXjDqQIAAAAAPwAAAD8=',
      rows: FORMER_ROWS,
    },
    'rows of float32': {
      record:
        'vQAAADrYNx4EAAAAAAIAAAABmcmgAABwAIAAAAD/////ALAHzIKceUIAAAAAAADwPwAAAAAAAOg/AADAPwkAcmVxdWVzdC0xAwAAAHxCAADAfwAAgD8BAAEAAQAAAgAAAIA+AABAPwGZyaAAAHAAgAAAAAAAAAAAsAfMgpx5QgAAAAAAAAAAAAAAAAAA+H8AAMA/CQByZXF1ZXN0LTEDAAAA6EEAAP1CAADAfwAAAQACAAUAAABmaXjDqQIAAAAAPwAAAD8=',
      rows: FORMER_ROWS,
    },
  };

const recordsOf = (index: number, rows: LoggedRows): Buffer =>
  Buffer.concat([encodeDefinition(index, definition, crc32), ...encodePredictions(index, rows, crc32)]);

const read = (bytes: Buffer, rows = 1) => readLoggedPredictions({ rows, records: bytes.toString('base64') }, crc32);

const REFUSALS = ['RangeError', 'SyntaxError', 'ZodError'];
const refusalOf = (bytes: Buffer, rows?: number): string => {
  try {
    read(bytes, rows);
    return 'read';
  } catch (error) {
    return (error as Error).name; // what is thrown is an Error, or the comparison fails
  }
};

describe('records of the prediction log', () => {
  it('give the rows back as they went in', () => {
    const requests = fc.record({ inputs: fc.nat(20), classes: fc.nat(20) }).chain(({ inputs, classes }) =>
      fc
        .record({
          request: fc.record({
            createdAtMs: fc.integer({ min: 0, max: 4e12 }),
            latencyMs: fc.float({ min: 0, noNaN: true }),
            requestId: fc.string({ maxLength: 50, unit: 'binary' }),
          }),
          firstId: fc.uuid(),
          rows: fc.array(
            fc.record({
              prediction: fc.double({ noNaN: true }),
              probability: fc.double({ min: 0, max: 1 }),
              values: fc.float64Array({ minLength: inputs, maxLength: inputs }),
              warnings: fc.array(
                fc.record({
                  input: fc.nat(1_000),
                  code: fc.constantFrom('missing', 'outside-training-range', 'unseen-category'),
                }),
              ),
              texts: fc.array(
                fc.record({ input: fc.nat(1_000), text: fc.string({ maxLength: 300, unit: 'grapheme' }) }),
              ),
              classes: fc.float32Array({ minLength: classes, maxLength: classes, noNaN: true }),
            }),
            { minLength: 1 },
          ),
        })
        .map(({ request, firstId, rows }): LoggedRow[] =>
          rows.map((row, index) => ({ ...request, ...row, id: idOf(firstId, index) })),
        ),
    );
    fc.assert(
      fc.property(requests, fc.nat(1_000), (logged, index) => {
        expect(decodeRecords(recordsOf(index, asRequest(logged)), crc32)).toEqual([{ definition, rows: logged }]);
      }),
    );
  });

  it('keep values that were sent in float32 so, in half the room', () => {
    const logged = makeRows(3, { values: Float64Array.of(63, Number.NaN, Math.fround(0.1)) });
    const rows = asRequest(logged);
    const wide = recordsOf(0, rows);
    const narrow = recordsOf(0, { ...rows, values: Float32Array.from(rows.values) });
    expect(wide.length - narrow.length).toBe(3 * 3 * 4);
    expect(decodeRecords(narrow, crc32)).toEqual([{ definition, rows: logged }]);
  });

  it('are several for a request of many rows, with the ids of one', () => {
    const logged = makeRows(2_500);
    const records = decodeRecords(recordsOf(0, asRequest(logged)), crc32);
    expect(records.map(({ rows }) => rows.length)).toEqual([1_000, 1_000, 500]);
    expect(records.flatMap(({ rows }) => rows)).toEqual(logged);
  });

  it.each(Object.entries(OF_EARLIER_VERSIONS))('as earlier versions wrote %s are still read', (_, { record, rows }) => {
    const bytes = Buffer.concat([encodeDefinition(0, definition, crc32), Buffer.from(record, 'base64')]);
    expect(decodeRecords(bytes, crc32)).toEqual([{ definition, rows }]);
  });

  it('refer to the latest definition of their number', () => {
    const other = { ...definition, modelVersion: 4 };
    const [first, second] = [makeRows(1), makeRows(1)];
    const bytes = Buffer.concat([
      recordsOf(0, asRequest(first)),
      encodeDefinition(0, other, crc32),
      ...encodePredictions(0, asRequest(second), crc32),
    ]);
    expect(read(bytes, 2).map(({ modelVersion }) => modelVersion)).toEqual([3, 4]);
  });
});

describe('logged predictions', () => {
  it('name the features, say the warnings, and keep texts by their beginning', () => {
    const [row] = makeRows(1, {
      warnings: [
        { input: 1, code: 'missing' },
        { input: 2, code: 'unseen-category' },
      ],
      values: Float64Array.of(63, Number.NaN, Number.NaN),
      texts: [{ input: 2, text: 'x'.repeat(2_000) }],
      classes: Float32Array.of(0.25, 0.75),
    });
    expect(read(recordsOf(7, asRequest(row ? [row] : [])))).toEqual([
      {
        ...{ id: row?.id, modelVersionId: definition.modelVersionId, modelName: 'heart-disease', modelVersion: 3 },
        features: { age: 63, chol: null, thal: 'x'.repeat(1_000) },
        ...{ prediction: 1, probability: 0.75, classProbabilities: [0.25, 0.75], threshold: 0.43, latencyMs: 1.5 },
        warnings: [
          { field: 'chol', code: 'missing', message: 'chol is missing' },
          {
            field: 'thal',
            code: 'unseen-category',
            message: 'thal has a value that training has not seen; it counts as missing',
          },
        ],
        ...{ requestId: 'request-1', createdAt: '2025-10-09T08:53:20.123Z' },
      },
    ]);
  });

  it('are refused when one byte is another, wherever it is', () => {
    const bytes = recordsOf(0, asRequest(makeRows(3)));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        expect(REFUSALS).toContain(refusalOf(damaged, 3));
      }),
    );
  });

  it('are refused when they end too early, or are fewer or more than was said', () => {
    const bytes = recordsOf(0, asRequest(makeRows(2)));
    for (let size = 0; size < bytes.length; size++) expect(REFUSALS).toContain(refusalOf(bytes.subarray(0, size), 2));
    expect(refusalOf(bytes, 2)).toBe('read');
    expect([refusalOf(bytes, 1), refusalOf(bytes, 3)]).toEqual(['RangeError', 'RangeError']);
  });

  it('are refused, and nothing worse, when somebody made them up under a good checksum', () => {
    const made = fc.record({ kind: fc.integer({ min: 0, max: 8 }), rest: fc.uint8Array({ maxLength: 200 }) });
    fc.assert(
      fc.property(made, ({ kind, rest }) => {
        const record = Buffer.concat([Buffer.alloc(LOG_RECORD_HEAD_BYTES), Buffer.of(kind, 0, 0, 0, 0), rest]);
        const bytes = Buffer.concat([encodeDefinition(0, definition, crc32), sealRecord(record, crc32)]);
        expect(REFUSALS).toContain(refusalOf(bytes));
      }),
    );
  });

  it.each<[string, Partial<Request>]>([
    ['a prediction that is no number', { prediction: Number.NaN }],
    ['an infinite value', { values: Float64Array.of(Number.POSITIVE_INFINITY, 1, 1) }],
    ['an infinite probability', { probability: Number.POSITIVE_INFINITY }],
    ['more values than inputs', { values: new Float64Array(4) }],
    ['a time before time', { createdAtMs: Number.NaN }],
    ['a negative latency', { latencyMs: -1 }],
    ['an endless request id', { requestId: 'x'.repeat(101) }],
    ['a class of more than certainty', { classes: Float32Array.of(1.5) }],
  ])('are refused with %s', (_, more) => {
    expect(refusalOf(recordsOf(0, asRequest(makeRows(1, more))))).toBe('RangeError');
  });
});
