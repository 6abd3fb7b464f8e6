import { describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { MISSING, NUMBER } from '../table-block.js';
import { ParquetReader, type ParquetReadOptions } from './parquet-reader.js';

const sourceOf = (content: ArrayBuffer) => ({
  bytes: content.byteLength,
  slice: async (start: number, end: number) => new Uint8Array(content.slice(start, end)),
});

type Cell = number | string | null;

/** All columns, each with its values in the order of the rows. */
async function read(content: ArrayBuffer, options: Partial<ParquetReadOptions> = {}): Promise<Record<string, Cell[]>> {
  const reader = await ParquetReader.open(sourceOf(content), { file: 'f.parquet', ...options });
  const columns: Record<string, Cell[]> = {};
  for await (const { columns: blocks, firstRow, rowCount } of reader.blocks()) {
    for (const [index, block] of blocks.entries()) {
      if (!block) continue;
      const name = reader.columns[index] ?? '';
      const values = columns[name] ?? [];
      columns[name] = values;
      expect(values).toHaveLength(firstRow);
      for (let row = 0; row < rowCount; row++) {
        const kind = block.kinds[row];
        values.push(kind === MISSING ? null : kind === NUMBER ? block.numbers[row]! : block.texts[row]!);
      }
    }
  }
  return columns;
}

const rows = Array.from({ length: 1_000 }, (_, i) => i);
const TABLE = parquetWriteBuffer({
  columnData: [
    { name: 'amount', data: rows.map((i) => (i % 10 === 0 ? null : i / 8)), type: 'DOUBLE' },
    { name: 'count', data: rows.map((i) => BigInt(i)), type: 'INT64' },
    { name: 'flag', data: rows.map((i) => i % 2 === 0), type: 'BOOLEAN' },
    { name: 'colour', data: rows.map((i) => ['red', 'green', null, 'NA', '007'][i % 5]), type: 'STRING' },
    { name: 'at', data: rows.map((i) => new Date(Date.UTC(2026, 0, 1, i))), type: 'TIMESTAMP' },
  ],
  rowGroupSize: 300,
});

describe('a Parquet file', () => {
  it('is read row group by row group, with its own types', async () => {
    const columns = await read(TABLE);
    expect(columns['amount']).toEqual(rows.map((i) => (i % 10 === 0 ? null : i / 8)));
    expect(columns['count']).toEqual(rows);
    expect(columns['flag']?.slice(0, 3)).toEqual([1, 0, 1]);
    expect(columns['colour']?.slice(0, 5)).toEqual(['red', 'green', null, null, '007']);
    expect(columns['at']?.[25]).toBe('2026-01-02T01:00:00.000Z');
  });

  it.each([
    [7, 0],
    [128, 299],
    [1_000, 301],
  ])('is read in slices of %d rows from row %d on, all columns side by side', async (rowsMax, firstRow) => {
    const reader = await ParquetReader.open(sourceOf(TABLE), {
      file: 'f.parquet',
      reading: (name) => (name === 'at' ? 'skip' : 'values'),
    });
    const seen: unknown[] = [];
    for await (const { columns, firstRow: start, rowCount } of reader.slices(rowsMax, firstRow)) {
      expect(start).toBe(firstRow + seen.length);
      expect(rowCount).toBeLessThanOrEqual(rowsMax);
      const [amount, count, , colour, at] = columns;
      expect(at).toBeNull();
      for (let row = 0; row < rowCount; row++)
        seen.push([
          amount?.numbers[row],
          count?.numbers[row],
          colour?.kinds[row] === MISSING ? null : colour?.texts[row],
        ]);
    }
    const expected = rows
      .slice(firstRow)
      .map((i) => [i % 10 === 0 ? Number.NaN : i / 8, i, ['red', 'green', null, null, '007'][i % 5]]);
    expect(seen).toEqual(expected);
  });

  it('is read only where it is asked for, and as text where that is asked for', async () => {
    const reading = (name: string) => (name === 'colour' ? 'values' : name === 'count' ? 'texts' : 'skip');
    const columns = await read(TABLE, { reading, missingTokens: ['red'] });
    expect(Object.keys(columns)).toEqual(['count', 'colour']);
    expect([columns['count']?.[7], columns['colour']?.slice(0, 4)]).toEqual(['7', [null, 'green', null, 'NA']]);
  });

  it('that was cut, or is none, or holds no table, is refused', async () => {
    const fault = (content: ArrayBuffer) =>
      read(content).then(
        () => 'none',
        (error: { detail?: string }) => error.detail,
      );
    expect(await fault(TABLE.slice(0, 2_000))).toBe('f.parquet: the Parquet file has no end: it was cut.');
    expect(await fault(new Uint8Array(Buffer.from('PAR1xxxxPAR1')).buffer)).toBe(
      "f.parquet: the Parquet file's description cannot be read.",
    );
    const nested = parquetWriteBuffer({ columnData: [{ name: 'a', data: [new Uint8Array(16)], type: 'UUID' }] });
    expect(await fault(nested)).toBe('none');
    const empty = parquetWriteBuffer({ columnData: [{ name: 'a', data: [], type: 'INT32' }] });
    expect(await fault(empty)).toBe('f.parquet: the file has no rows.');
  });

  it('with a broken page is refused, with the place', async () => {
    const broken = TABLE.slice(0);
    new Uint8Array(broken).fill(0xff, 4, 600);
    await expect(read(broken)).rejects.toMatchObject({
      code: 'dataset-invalid',
      detail: 'f.parquet, column amount, rows from 1: the Parquet file is broken.',
    });
  });
});
