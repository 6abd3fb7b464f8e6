/**
 * Cross-validates one fold of a table and fits it, in a worker thread as a training does, from columns on the disk or in memory:
 * `node fit-large-table.mjs disk|memory FOLDER ALGORITHM ROWS COLUMNS` says one line of JSON: `{peak_mib, model, answers}`, digests of what came out.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRandom, deriveSeed } from '@gimbal/learning';
import { ColumnSpool, planSpool } from '../dist/data/column-spool.js';
import { openColumns } from '../dist/data/stored-table.js';
import { WorkerPool } from '../dist/learning-workers/worker-pool.js';

const BLOCK_ROWS = 50_000;
const [, , storage, folder, algorithm, rowsText, columnsText] = process.argv;
const [rowCount, columnCount] = [Number(rowsText), Number(columnsText)];
const features = Array.from({ length: columnCount }, (_, j) => ({ name: `x${j}`, kind: 'numeric' }));
const target = new Float64Array(new SharedArrayBuffer(8 * rowCount));

/** Writes the columns block by block, and the target that the first three of them decide. */
async function writeTable() {
  const spool = await ColumnSpool.create(await planSpool(folder, rowCount, columnCount));
  const randoms = features.map((_, j) => createRandom(deriveSeed(3, j)));
  const block = new Float32Array(BLOCK_ROWS);
  for (let from = 0; from < rowCount; from += BLOCK_ROWS) {
    const values = block.subarray(0, Math.min(BLOCK_ROWS, rowCount - from));
    randoms.forEach((random, j) => {
      for (let i = 0; i < values.length; i++) values[i] = Math.floor(1_000 * random.nextFloat());
      if (j < 3) for (let i = 0; i < values.length; i++) target[from + i] += values[i];
      spool.put(j, from, values);
    });
    await spool.flush();
  }
  for (let row = 0; row < rowCount; row++) target[row] = Number(target[row] > 1_500);
  return spool;
}

/** Most memory of this program, MiB. What `resourceUsage` says begins with that of the process that started it. */
function readPeak() {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

function readIntoMemory(table, spooled) {
  const { columns, close } = openColumns(table, spooled);
  const memory = new SharedArrayBuffer(4 * rowCount * columnCount);
  const shared = features.map((_, j) => {
    const column = new Float32Array(memory, 4 * rowCount * j, rowCount);
    column.set(columns[j]);
    return column;
  });
  close();
  return { ...table, columns: shared };
}

const spool = await writeTable();
const spooled = { place: spool.place, keptRows: null };
const table = { task: 'binary-classification', features, rowCount, target, classes: ['0', '1'], weights: null };
const dataset = storage === 'disk' ? { ...table, columns: [], spooled } : readIntoMemory(table, spooled);

const pool = new WorkerPool(1, new URL('../dist/learning-workers/learning.worker.js', import.meta.url));
const options = { signal: new AbortController().signal };
const hyperparameters = { n_estimators: 5 };
const candidate = { id: 'one', algorithm, hyperparameters };
const listRows = (length, rowAt) => {
  const rows = new Int32Array(new SharedArrayBuffer(4 * length));
  for (let i = 0; i < length; i++) rows[i] = rowAt(i);
  return rows;
};
const held = Math.floor(rowCount / 5);
const { margins } = await pool.run(
  {
    ...{ kind: 'fold', dataset, candidate, seed: 1 },
    fold: {
      index: 0,
      trainRows: listRows(rowCount - held, (i) => i + Math.floor(i / 4)),
      testRows: listRows(held, (i) => 5 * i + 4),
    },
  },
  options,
);
const rows = listRows(rowCount, (i) => i);
const model = await pool.run({ kind: 'fit', dataset, rows, algorithm, hyperparameters, seed: 1 }, options);
await pool.close();
await spool.close();
await rm(spool.place.path);

const digest = (content) => createHash('sha256').update(content).digest('hex');
const found = {
  peak_mib: readPeak(),
  model: digest(JSON.stringify(model)),
  answers: digest(margins),
};
process.stdout.write(`${JSON.stringify(found)}\n`);
