import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataset, type Dataset, planFolds, type Task } from '@gimbal/learning';
import { parse } from 'csv-parse/sync';
import { type BenchTable, toFoldOf } from './bench-table.js';

const FOLDS = 5;

/** A public table as a CSV file. */
interface PublicTable {
  readonly name: string;
  readonly file: string;
  readonly task: Task;
  readonly target: string;
  /** Columns read as categories; their texts get codes in the order in which they first appear, numbers keep theirs. */
  readonly categorical: readonly string[];
  /** Columns that must not be learned from. */
  readonly ignored: readonly string[];
  /** The class of a cell of the target; by default the cell itself. */
  readonly toClass?: (cell: string) => string;
}

/** UCI 45, 222 and 357 (Janosi et al., 1988; Moro et al., 2014; Candanedo, 2016), with a header row each. */
export const PUBLIC_TABLES = {
  cleveland: {
    name: 'Cleveland',
    file: 'heart-cleveland.csv',
    task: 'binary-classification',
    target: 'num',
    categorical: ['cp', 'restecg', 'slope', 'thal'],
    ignored: [],
    toClass: (cell) => (Number(cell) > 0 ? '1' : '0'),
  },
  bank: {
    name: 'Bank Marketing',
    file: 'bank-marketing.csv',
    task: 'binary-classification',
    target: 'y',
    categorical: ['job', 'marital', 'education', 'default', 'housing', 'loan', 'contact', 'month', 'poutcome'],
    ignored: ['duration'], // known only after the call
  },
  occupancy: {
    name: 'Occupancy',
    file: 'occupancy.csv',
    task: 'binary-classification',
    target: 'occupancy',
    categorical: [],
    ignored: ['date', 'source_file'],
  },
} as const satisfies Record<string, PublicTable>;

function readColumn(cells: readonly string[], isCategorical: boolean): number[] {
  const codes = new Map<string, number>();
  const isNumeric = cells.every((cell) => cell === '' || cell === '?' || !Number.isNaN(Number(cell)));
  if (!isNumeric && !isCategorical) throw new Error(`A numeric column holds "${cells.find((cell) => !Number(cell))}".`);
  return cells.map((cell) => {
    if (cell === '' || cell === '?') return Number.NaN;
    if (isNumeric) return Number(cell);
    const code = codes.get(cell) ?? codes.size;
    codes.set(cell, code);
    return code;
  });
}

function toDataset(text: string, { task, target, categorical, ignored, toClass = String }: PublicTable): Dataset {
  const rows = parse<Record<string, string>>(text, { columns: true });
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== target && !ignored.includes(name));
  const answers = rows.map((row) => toClass(row[target] ?? ''));
  const classes = task === 'regression' ? [] : [...new Set(answers)].sort();
  return createDataset({
    features: names.map((name) => ({ name, kind: categorical.includes(name) ? 'categorical' : 'numeric' })),
    columns: names.map((name) =>
      readColumn(
        rows.map((row) => row[name] ?? ''),
        categorical.includes(name),
      ),
    ),
    task,
    classes,
    target: answers.map((answer) => (task === 'regression' ? Number(answer) : classes.indexOf(answer))),
  });
}

/** The same table with every column read as numbers. */
export function readAsNumbers(table: BenchTable): BenchTable {
  const features = table.dataset.features.map(({ name }) => ({ name, kind: 'numeric' as const }));
  return { ...table, dataset: { ...table.dataset, features } };
}

/** Deals the rows of a dataset into the folds that both sides are judged on. */
export function foldTable(name: string, dataset: Dataset, seed = 0): BenchTable {
  const folds = planFolds(dataset, { foldCount: FOLDS, seed });
  return { name, dataset, foldOf: toFoldOf(dataset.rowCount, folds) };
}

/** Reads a CSV file as a table with folds. */
export async function readCsvTable(folder: string, table: PublicTable): Promise<BenchTable> {
  return foldTable(table.name, toDataset(await readFile(join(folder, table.file), 'utf8'), table));
}

/** Why a public table can't be read; null when it can. */
export function explainAbsence(folder: string | null, { file }: Pick<PublicTable, 'file'>): string | null {
  if (folder === null) return 'GIMBAL_DATA_DIR names no folder of public data';
  return existsSync(join(folder, file)) ? null : `GIMBAL_DATA_DIR does not hold ${file}`;
}
