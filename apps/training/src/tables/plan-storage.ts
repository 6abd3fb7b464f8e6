import type { TrainingWarning } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { Storage } from '../data/dataset-version.service.js';
import { isBoosting, kernelName } from '../learning-workers/kernel-name.js';
import type { Competitor } from '../pipeline/select-candidate.js';

/** How large a table is, and what it may take. */
export interface TableSize {
  readonly rows: number;
  readonly inputs: number;
  /** Most memory for its values. */
  readonly limitMib: number;
}

/** Where a table is kept, and who learns from it there. */
export interface StoragePlan {
  readonly storage: Storage;
  readonly competitors: readonly Competitor[];
  readonly warnings: readonly TrainingWarning[];
}

const MIB = 1_048_576;
const BYTES_IN_MEMORY = 4;
/** Boosting from the disk: a byte for the bin of each value, and half as much for what goes with the rows. */
const BYTES_BINNED = 1.5;

const mibOf = ({ rows, inputs }: TableSize, bytes: number): number => Math.ceil((rows * inputs * bytes) / MIB);

const namesOf = (families: readonly Competitor[]): string => families.map(({ algorithm }) => algorithm).join(', ');

/**
 * Decides before a row is read whether a table's values go into memory or stay on the disk, where only boosting learns: it bins a column at a
 * time and needs a quarter of the memory. Every other family goes over the values of all rows again and again.
 * @param choice `asked`: a family that needs too much is an error; `default`: it is left out, and a warning says so
 * @throws DomainError `table-too-large` saying what is needed, what is allowed and what to choose
 */
export function planStorage(
  size: TableSize,
  competitors: readonly Competitor[],
  choice: 'asked' | 'default',
): StoragePlan {
  if (mibOf(size, BYTES_IN_MEMORY) <= size.limitMib) return { storage: 'memory', competitors, warnings: [] };
  const fitsBinned = mibOf(size, BYTES_BINNED) <= size.limitMib;
  const able = competitors.filter(({ algorithm }) => fitsBinned && isBoosting(kernelName(algorithm)));
  const unable = competitors.filter((family) => !able.includes(family));
  if (unable.length === 0) return { storage: 'disk', competitors, warnings: [] };
  if (choice === 'asked' || able.length === 0)
    throw new DomainError('table-too-large', `${describeNeed(size, unable)} ${advise(size, fitsBinned)}`);
  const message = `${describeNeed(size, unable)} ${namesOf(able)} learned from the disk.`;
  return { storage: 'disk', competitors: able, warnings: [{ code: 'family-left-out', column: null, message }] };
}

function describeNeed(size: TableSize, families: readonly Competitor[]): string {
  const isBinned = families.every(({ algorithm }) => isBoosting(kernelName(algorithm)));
  const needed = mibOf(size, isBinned ? BYTES_BINNED : BYTES_IN_MEMORY);
  const table = `${size.rows.toLocaleString('en')} rows of ${size.inputs} inputs`;
  return `${namesOf(families)}: ${needed} MiB of memory for ${table}, where TRAINING_TABLE_MEMORY allows ${size.limitMib}.`;
}

function advise(size: TableSize, fitsBinned: boolean): string {
  const boosting = 'gradient-boosting-level-wise or gradient-boosting-leaf-wise';
  return fitsBinned
    ? `Choose ${boosting}, which learn from the disk and take ${mibOf(size, BYTES_BINNED)}, or raise it.`
    : `Raise it, or upload fewer rows or columns; ${boosting} would take ${mibOf(size, BYTES_BINNED)}.`;
}
