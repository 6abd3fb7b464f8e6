import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ColumnSpool, planSpool, SpoolReader } from './column-spool.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const value = (column: number, row: number): number => Math.fround(column * 1_000_000 + row + 0.5);
const part = (column: number, from: number, until: number): Float32Array =>
  Float32Array.from({ length: until - from }, (_, i) => value(column, from + i));

/** Puts rows in blocks of every column, or column by column, and reads all of it again. */
async function roundTrip(rows: number, columns: number, step: number, order: 'by rows' | 'by columns'): Promise<void> {
  const spool = await ColumnSpool.create(await planSpool(folder, rows, columns));
  const blocks = Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step);
  const names = Array.from({ length: columns }, (_, column) => column);
  const cells = blocks.flatMap((from) => names.map((column) => [from, column] as const));
  if (order === 'by columns') cells.sort(([, a], [, b]) => a - b);
  for (const [from, column] of cells) {
    spool.put(column, from, part(column, from, Math.min(rows, from + step)));
    await spool.flush();
  }
  const reader = new SpoolReader(spool.place);
  const bytes = ({ buffer }: Float32Array): Buffer => Buffer.from(buffer);
  for (const column of names.reverse())
    expect(bytes(reader.read(column)).equals(bytes(part(column, 0, rows)))).toBe(true);
  reader.close();
  await spool.close();
  await rm(spool.place.path);
}

it('gives every column back as it was put, whatever the blocks', async () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 200_000 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 300, max: 200_000 }),
  );
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.constantFrom('by rows' as const, 'by columns' as const),
      ([rows, columns, step], order) => roundTrip(rows, columns, step, order),
    ),
    { numRuns: 12 },
  );
});
