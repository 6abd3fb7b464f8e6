import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, type Fold, toRowMajor } from '@gimbal/learning';

/** A table that both sides of the benchmark learn from, with the folds that both are judged on. */
export interface BenchTable {
  /** For people: "Bank Marketing". */
  readonly name: string;
  readonly dataset: Dataset;
  /** The fold in which each row is held out; null for a table that is only learned from. */
  readonly foldOf: Uint8Array | null;
}

/** What `header.json` says. */
interface Header extends Pick<Dataset, 'task' | 'classes' | 'features'> {
  readonly name: string;
  readonly rows: number;
  readonly folds: number;
}

/** The fold of each row, as {@link BenchTable} holds it. */
export function toFoldOf(rowCount: number, folds: readonly Fold[]): Uint8Array {
  const foldOf = new Uint8Array(rowCount);
  for (const { index, testRows } of folds) for (const row of testRows) foldOf[row] = index;
  return foldOf;
}

/** The folds that a table was dealt into. */
export function readFolds({ foldOf, dataset }: BenchTable): Fold[] {
  if (foldOf === null) return [];
  const count = foldOf.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const rows = Int32Array.from({ length: dataset.rowCount }, (_, row) => row);
  return Array.from({ length: count }, (_, index) => ({
    index,
    trainRows: rows.filter((row) => foldOf[row] !== index),
    testRows: rows.filter((row) => foldOf[row] === index),
  }));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Leaves a table in a folder, for programs of either side: `header.json`, `columns.f32` (column by column, as the kernel reads),
 * `rows.f32` (row by row, as the Python libraries read), `target.f64`, `folds.u8`.
 */
export async function writeBenchTable(folder: string, { name, dataset, foldOf }: BenchTable): Promise<void> {
  const { task, rowCount, classes, columns } = dataset;
  await mkdir(folder, { recursive: true });
  const features = dataset.features.map((feature) => ({ name: feature.name, kind: feature.kind }));
  const folds = foldOf === null ? 0 : foldOf.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const header: Header = { name, task, rows: rowCount, classes, features, folds };
  const file = await open(join(folder, 'columns.f32'), 'w');
  try {
    for (const column of columns) await file.writeFile(bytesOf(column));
  } finally {
    await file.close();
  }
  await writeFile(join(folder, 'rows.f32'), bytesOf(toRowMajor(dataset)));
  await writeFile(join(folder, 'target.f64'), bytesOf(dataset.target));
  if (foldOf !== null) await writeFile(join(folder, 'folds.u8'), foldOf);
  await writeFile(join(folder, 'header.json'), JSON.stringify(header));
}

/** Read at a time: files are not read into shared memory, and whole they would be there twice. */
const CHUNK_BYTES = 1 << 18;

async function readShared(path: string, byteLength: number): Promise<SharedArrayBuffer> {
  const memory = new SharedArrayBuffer(byteLength);
  const file = await open(path, 'r');
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let at = 0; at < byteLength; ) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, byteLength - at));
      if (bytesRead === 0) throw new Error(`${path} is shorter than ${byteLength} bytes.`);
      new Uint8Array(memory, at, bytesRead).set(chunk.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return memory;
}

/** Reads back what {@link writeBenchTable} left, without a second copy of the columns in memory. */
export async function readBenchTable(folder: string): Promise<BenchTable> {
  // Left by writeBenchTable. A library that checks it would weigh more in the measured process than what is measured.
  const header = JSON.parse(await readFile(join(folder, 'header.json'), 'utf8')) as Header;
  const { task, rows, features, classes } = header;
  const cells = await readShared(join(folder, 'columns.f32'), 4 * rows * features.length);
  const target = new Float64Array(await readShared(join(folder, 'target.f64'), 8 * rows));
  const foldOf = header.folds === 0 ? null : new Uint8Array(await readFile(join(folder, 'folds.u8')));
  const columns = features.map((_, j) => new Float32Array(cells, 4 * rows * j, rows));
  const dataset = { task, features, rowCount: rows, columns, target, classes, weights: null };
  return { name: header.name, dataset, foldOf };
}
