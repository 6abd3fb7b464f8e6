import { CLASSES_MAX, type DatasetWarning, type TableColumn, type TableTarget } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { ColumnFacts } from '../profile/column-profiler.js';

/** What is to be learned, and how the target's own column is read. */
export interface InferredTarget {
  readonly target: TableTarget;
  readonly column: TableColumn;
  readonly warnings: readonly DatasetWarning[];
}

/** Whole numbers with at most so many different values are classes rather than amounts. */
const CLASSES_FEW = 20;
const YES = new Set(['1', 'true', 'yes', 'y', 't', 'positive', 'pos', 'bad', 'churn', 'churned', 'fraud', 'default']);

/**
 * Finds the task by the target's values: two are binary (positive is the one that says yes, else the last in order), texts and few whole
 * numbers are classes, other numbers are amounts.
 * @throws DomainError `dataset-invalid` when the column holds nothing that can be predicted
 */
export function inferTarget(facts: ColumnFacts, column: TableColumn): InferredTarget {
  const { profile, numbers, texts, isWhole } = facts;
  const { name, number, text, missing, distinct, distinctIsExact } = profile;
  const warnings: DatasetWarning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, column: name, message: `${name}: ${message}` });
  if (!number && !text) throw new DomainError('dataset-invalid', `The target ${name} has no value in any row.`);
  if (missing > 0) warn('target-missing', `${missing} rows have no target; training leaves them out.`);
  if (distinctIsExact && distinct === 1)
    warn('constant-target', 'every row has the same target: nothing can be learned.');
  const values = [...numbers.map(([value]) => String(value)), ...texts.map(([value]) => value)];
  const base = { name, description: '', missing: 'allowed', missingShareMax: 1 } as const;
  const target = { column: name, description: '' };
  if (
    !text &&
    !(isWhole && distinctIsExact && distinct <= CLASSES_FEW && distinct !== 2) &&
    !(distinctIsExact && distinct <= 2)
  )
    return { target: { ...target, task: 'regression' }, column: { ...base, type: 'number' }, warnings };
  if (!distinctIsExact || distinct > CLASSES_MAX)
    throw new DomainError(
      'dataset-invalid',
      `The target ${name} has more than ${Math.min(distinct - 1, CLASSES_MAX)} classes.`,
    );
  const asCategory: TableColumn = { ...base, type: 'category', categories: values };
  if (distinct <= 2) {
    const positive = values.find((value) => YES.has(value.toLowerCase())) ?? values.at(-1) ?? '';
    const isBoolean = column.type === 'boolean';
    return {
      target: { ...target, task: 'binary-classification', positive },
      column: isBoolean ? { ...base, type: 'boolean' } : asCategory,
      warnings,
    };
  }
  const rarest = Math.min(...[...numbers, ...texts].map(([, count]) => count));
  if (rarest < 5) warn('rare-class', `a class has only ${rarest} rows.`);
  return { target: { ...target, task: 'multiclass-classification', classes: values }, column: asCategory, warnings };
}
