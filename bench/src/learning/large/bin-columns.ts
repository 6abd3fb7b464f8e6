/**
 * Bins a table that is larger than the memory it may use: `node bin-columns.js FOLDER ROWS COLUMNS` writes the columns to a file each, bins them
 * in one pass, one column in memory at a time, and says one line of JSON: `{cpu_seconds, peak_mib, cells}`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binStreamed, createRandom, deriveSeed } from '@gimbal/learning';

const SEED = 7;
const [, , folder = '.', rows = '0', columns = '0'] = process.argv;
const [rowCount, columnCount] = [Number(rows), Number(columns)];
const pathOf = (feature: number): string => join(folder, `column-${feature}.f32`);

for (let feature = 0; feature < columnCount; feature++) {
  const random = createRandom(deriveSeed(SEED, feature));
  const column = new Float32Array(rowCount).map(() => random.nextFloat() + random.nextFloat());
  writeFileSync(pathOf(feature), new Uint8Array(column.buffer));
}
const before = process.cpuUsage();
const binned = binStreamed(
  {
    features: Array.from({ length: columnCount }, (_, j) => ({ name: `x${j}`, kind: 'numeric' })),
    ...{ rowCount, blockRows: rowCount },
    readColumn: (feature) => {
      const bytes = readFileSync(pathOf(feature));
      return new Float32Array(bytes.buffer, bytes.byteOffset, rowCount);
    },
    readRows: () => {
      throw new TypeError('Binning goes column by column.');
    },
    release: () => undefined,
  },
  Int32Array.from({ length: rowCount }, (_, row) => row),
  SEED,
);
const { user, system } = process.cpuUsage(before);
const figures = {
  cpu_seconds: (user + system) / 1e6,
  peak_mib: process.resourceUsage().maxRSS / 1024,
  cells: binned.codes.length,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
