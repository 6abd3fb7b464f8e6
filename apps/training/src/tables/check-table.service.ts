import type { DatasetVersion, TrainingWarning } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { DataCheck } from '@gimbal/learning';
import { Injectable } from '@nestjs/common';
import type { StoredTable } from '../data/stored-table.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import { chooseStrategy, type TableSet, toDataset } from './plan-table.js';

/** A table, and on which terms it is split. */
export interface TableToPlan {
  readonly version: DatasetVersion;
  readonly table: StoredTable;
  /** Share of rows held out, in (0, 1). */
  readonly testSize: number;
  readonly folds: number;
  readonly seed: number;
}

/** A table as it is learned from, with what a person should know of it. */
export interface CheckedSet {
  readonly set: TableSet;
  /** Those of the upload, then those found now. */
  readonly warnings: readonly TrainingWarning[];
}

/** Looks a table and its split over before anything is learned, in a worker thread: columns that give the target away, and the like. */
@Injectable()
export class CheckTableService {
  constructor(private readonly pool: WorkerPool) {}

  /**
   * Splits a table. What is found is noted in the run, also when the run fails of it.
   * @throws DomainError `dataset-invalid` naming column and code of all that makes a training impossible; LearningError as `toDataset`, and
   *   `too-few-rows` when a class would be absent from either part
   */
  async plan({ version, table, folds, testSize, seed }: TableToPlan, watch: RunWatch): Promise<CheckedSet> {
    const options = { signal: watch.signal };
    const dataset = toDataset(table);
    const found = await this.pool.run({ kind: 'check', dataset, foldCount: folds }, options);
    const target = version.definition.target?.column ?? null;
    const warnings = joinWarnings(version.warnings, found, target);
    await watch.note({ warnings });
    refuseErrors(found, target);
    const strategy = chooseStrategy(table);
    const holdout = await this.pool.run({ kind: 'split', dataset, strategy, testShare: testSize, seed }, options);
    const shared = await this.pool.run({ kind: 'check-split', dataset, holdout }, options);
    const all = joinWarnings(warnings, shared, target);
    await watch.note({ warnings: all });
    const { trainRows, testRows: holdoutRows } = holdout;
    return { set: { dataset, strategy, trainRows, holdoutRows }, warnings: all };
  }
}

/** The column that a finding is about: the target's own are told without one. */
const columnOf = ({ code, column }: DataCheck, target: string | null): string | null =>
  column ?? (TARGET_CHECKS.has(code) ? target : null);

const TARGET_CHECKS: ReadonlySet<string> = new Set(['constant-target', 'more-classes-than-rows', 'class-too-small']);

/** Of a column and a code that the upload told already, nothing is said twice. */
function joinWarnings(
  known: readonly TrainingWarning[],
  found: readonly DataCheck[],
  target: string | null,
): TrainingWarning[] {
  const told = new Set(known.map(({ code, column }) => `${code} ${column}`));
  const fresh = found.map((check) => ({
    code: check.code,
    column: columnOf(check, target),
    message: check.message,
  }));
  return [...known, ...fresh.filter(({ code, column }) => !told.has(`${code} ${column}`))];
}

function refuseErrors(found: readonly DataCheck[], target: string | null): void {
  const errors = found.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const told = errors.map((check) => `${columnOf(check, target) ?? 'table'}: ${check.code}: ${check.message}`);
  throw new DomainError('dataset-invalid', told.join(' '));
}
