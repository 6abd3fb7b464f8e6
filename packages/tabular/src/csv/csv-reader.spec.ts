import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { MISSING, NUMBER } from '../table-block.js';
import { CsvReader, type CsvReadOptions } from './csv-reader.js';

/** All cells as what they are taken for, read in pieces of `step` bytes. */
function read(content: string | Uint8Array, options: Partial<CsvReadOptions> = {}, step = 1_000_000) {
  const bytes = Buffer.from(content as string); // a text or bytes: both are taken
  const reader = new CsvReader({ file: 'f.csv', ...options });
  const rows: (number | string | null)[][] = [];
  const take = (block: ReturnType<CsvReader['push']>) => {
    for (let row = 0; block && row < block.rowCount; row++)
      rows.push(
        block.columns.map((column) => {
          const kind = column?.kinds[row];
          if (!column || kind === MISSING) return null;
          return kind === NUMBER ? column.numbers[row]! : column.texts[row]!;
        }),
      );
  };
  for (let at = 0; at < bytes.length; at += step) take(reader.push(bytes.subarray(at, at + step)));
  take(reader.end());
  return { rows, columns: reader.columns, form: reader.tableForm, unnamed: reader.unnamed };
}

const fault = (content: string | Uint8Array, options: Partial<CsvReadOptions> = {}): unknown => {
  try {
    read(content, options);
    return 'none';
  } catch (error) {
    return error instanceof Error && 'detail' in error ? error.detail : error;
  }
};

describe('a CSV file', () => {
  it.each([
    ['a byte order mark and CRLF', '\ufeffa,b\r\n1,x\r\n2,y\r\n'],
    ['CR alone', 'a,b\r1,x\r2,y'],
    ['semicolons', 'a;b\n1;x\n2;y\n'],
    ['tabs', 'a\tb\n1\tx\n2\ty\n'],
    ['pipes', 'a|b\n1|x\n2|y'],
    ['quotes', '"a","b"\n"1","x"\n2,"y"\n'],
    ['spaces around cells', 'a, b\n 1 , x\n2, "y"\n'],
    ['empty lines', 'a,b\n\n1,x\n\n\n2,y\n\n'],
  ])('may have %s', (_, text) => {
    expect(read(text)).toMatchObject({
      columns: ['a', 'b'],
      rows: [
        [1, 'x'],
        [2, 'y'],
      ],
    });
  });

  it('finds the delimiter in spite of other ones inside cells, and decimal commas', () => {
    const { form, rows } = read('name;price;note\n"Mann; Frau";1.234,50;a,b\nKind;2,25;c,d\n');
    expect(form).toMatchObject({ delimiter: ';', decimal: ',' });
    expect(rows).toEqual([
      ['Mann; Frau', 1234.5, 'a,b'],
      ['Kind', 2.25, 'c,d'],
    ]);
    expect(read('a;b\n1.5;2\n').form.decimal).toBe('.');
    expect(read('a;b\n1,5;2.5\n').form.decimal).toBe('.');
    expect(read('a\tb\n1,5\tx\n', { form: { decimal: '.' } }).rows).toEqual([['1,5', 'x']]);
  });

  it('may lack a header, or have numbers for names', () => {
    expect(read('63,1,0.5\n41,0,2\n')).toMatchObject({
      columns: ['column_1', 'column_2', 'column_3'],
      rows: [
        [63, 1, 0.5],
        [41, 0, 2],
      ],
    });
    expect(read('0,1,2\n63,1,0.5\n41,0,2\n')).toMatchObject({
      columns: ['0', '1', '2'],
      rows: [
        [63, 1, 0.5],
        [41, 0, 2],
      ],
    });
    expect(read(',a\n1,2\n')).toMatchObject({ columns: ['column_1', 'a'], unnamed: ['column_1'] });
    expect(read('x,y\n1,2\n', { form: { header: 'absent' } }).rows).toEqual([
      ['x', 'y'],
      [1, 2],
    ]);
  });

  it('may hold line breaks, delimiters and quotes in quotes, and missing values in many words', () => {
    expect(read('a,b\n"one\ntwo","say ""hi"", please"\n"",?\nNA,nan\nnull,None\n').rows).toEqual([
      ['one\ntwo', 'say "hi", please'],
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect(read('a,b\n?,unknown\n', { missingTokens: ['unknown'] }).rows).toEqual([['?', null]]);
  });

  it('keeps codes with leading zeros, and what is text by definition, as they are written', () => {
    expect(read('zip,n\n01234,0.5\n99999,0\n').rows).toEqual([
      ['01234', 0.5],
      [99999, 0],
    ]);
    const reading = (name: string) => (name === 'a' ? 'texts' : name === 'b' ? 'skip' : 'values');
    expect(read('a,b,c\n1e3,2,3\n', { reading }).rows).toEqual([['1e3', null, 3]]);
  });

  it('is Latin-1 when that is declared', () => {
    const bytes = Buffer.from('n,p\nM\xfcller,\x80\n', 'latin1');
    expect(read(bytes, { form: { encoding: 'latin1' } }).rows).toEqual([['Müller', '€']]);
  });

  it.each([
    [
      'a quote inside a cell',
      'a,b\n1,x\n2,5" pipe\n',
      'f.csv, line 3, column b: a quote stands inside an unquoted cell.',
    ],
    ['text after a quote', 'a,b\n"1"2,x\n', 'f.csv, line 2, column a: text follows a closing quote.'],
    ['a quote never closed', 'a,b\n1,"x\n2,y\n', 'f.csv, line 2, column b: a quote is never closed.'],
    ['a short row', 'a,b\n1,2\n3\n4,5\n', 'f.csv, line 3: 1 cells where 2 columns are expected.'],
    ['a long row', 'a,b\n1,2,3\n4,5\n', 'f.csv, line 2: 3 cells where 2 columns are expected.'],
    [
      'a cut last row',
      'a,b\n"x\ny",2\n3',
      'f.csv, line 4: 1 cells where 2 columns are expected; the file ends here and may have been cut.',
    ],
    ['a name twice', 'a,b,a\n1,2,3\n', 'f.csv, line 1, column 3: the header names "a" twice.'],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'f.csv: the file is in UTF-16; save it as UTF-8.'],
    ['a picture', Buffer.from([0x89, 80, 78, 71, 0, 1]), 'f.csv: the file holds zero bytes: it is no text.'],
    [
      'zero bytes further down',
      `a\n${'1\n'.repeat(200_000)}\u0000\n`,
      'f.csv, line 200002, column a: the cell holds a zero byte.',
    ],
    [
      'another encoding',
      Buffer.from('a,b\nx,y\nM\xfcller,1\n', 'latin1'),
      'f.csv, line 3, column a: the text is not UTF-8; save the file as UTF-8, or declare its encoding as latin1.',
    ],
    ['nothing', '', 'f.csv: the file has no rows.'],
    ['a header alone', 'a,b\n', 'f.csv: the file has no rows.'],
    ['a header without an end', 'a'.repeat(600_000), 'f.csv, line 1: the first row has no end.'],
    [
      'too many columns',
      `${Array.from({ length: 2_001 }, (_, i) => `c${i}`)}\n`,
      'f.csv, line 1: 2001 columns; at most 2000 are taken.',
    ],
  ])('is refused for %s, with the place', (_, content, detail) => {
    expect(fault(content)).toBe(detail);
  });

  it('tells the right line after many rows', () => {
    expect(fault(`a,b\n${'1,2\n'.repeat(300_000)}3\n`)).toBe(
      'f.csv, line 300002: 1 cells where 2 columns are expected; the file ends here and may have been cut.',
    );
  });
});

it('reads every file that csv-parse reads, in the same cells, wherever it is cut into pieces', () => {
  const cell = fc.oneof(
    fc.constantFrom('1', 'x', '-2.5', '"', 'a"b', 'line\nbreak', 'cr\r\nlf', ',', 'ü', '日本', ' '),
    fc.string({ maxLength: 6 }),
  );
  const clean = cell.map((text) => text.replaceAll('\u0000', ''));
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) =>
      fc.array(fc.array(clean, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
    );
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 7 }), (cells, eol, step) => {
      const rows = [cells[0]!.map((_, i) => `h${i}`), ...cells];
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join(eol);
      const expected: string[][] = parse(text, { from_line: 1 });
      const options = {
        form: { delimiter: ',' as const, header: 'present' as const },
        missingTokens: [],
        reading: () => 'texts' as const,
      };
      const { rows: found } = read(text, options, step);
      const trim = (one: string) => one.replace(/^[\0- ]+|[\0- ]+$/g, '');
      expect(found).toEqual(expected.slice(1).map((row) => row.map((one) => (trim(one) === '' ? null : trim(one)))));
    }),
    { numRuns: 500 },
  );
});
