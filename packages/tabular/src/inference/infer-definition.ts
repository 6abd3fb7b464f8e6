import {
  type ColumnProfile,
  type DatasetProfile,
  type DatasetWarning,
  MISSING_TOKENS,
  type TableColumn,
  type TableDefinition,
  type TableTarget,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { ColumnFacts } from '../profile/column-profiler.js';
import type { TableFacts } from '../profile/table-profiler.js';
import { checkDefinition } from './check-definition.js';
import { inferColumn } from './infer-column.js';
import { inferTarget } from './infer-target.js';

/** A table as it was found: what it seems to mean, what it holds, and what a person should look at. */
export interface InferredTable {
  readonly definition: TableDefinition;
  readonly profile: DatasetProfile;
  readonly warnings: readonly DatasetWarning[];
}

export interface InferenceOptions {
  /** Column to predict; left out: the given definition's, or none. */
  readonly target?: string | undefined;
  /** What a person knows: it goes before what is found. */
  readonly given?: TableDefinition | undefined;
  /** Columns that got a name because the file has none for them. */
  readonly unnamed?: readonly string[];
}

/** Warnings beyond these would only hide the others. */
const WARNINGS_MAX = 500;

/**
 * Infers a definition from one pass over the file, under what is given.
 * @throws DomainError `dataset-invalid` when a named column is not in the file, the target cannot be predicted, or what is given contradicts
 *   itself
 */
export function inferDefinition(table: TableFacts, { target, given, unnamed = [] }: InferenceOptions): InferredTable {
  const inferred = table.columns.map(inferColumn);
  const columns = new Map(inferred.map(({ column }) => [column.name, column]));
  const factsOf = new Map(table.columns.map((facts) => [facts.profile.name, facts]));
  for (const column of given?.columns ?? []) {
    const facts = factsOf.get(column.name);
    if (!facts) throw unknownColumn(column.name);
    columns.set(column.name, complete(column, facts));
  }
  const goal = findGoal({ name: target ?? given?.target?.column, given, columns, factsOf });
  if (goal) columns.set(goal.column.name, goal.column);
  const definition: TableDefinition = {
    group: null,
    time: null,
    weight: null,
    missingTokens: [...MISSING_TOKENS],
    rowsMin: 1,
    duplicateShareMax: 1,
    ...given,
    columns: [...columns.values()],
    target: goal ? preferText(goal.target, [...columns.values()], given?.weight ?? null) : null,
  };
  checkDefinition(definition);
  // What makes a column useless as an input says nothing against it as a target.
  const warnings = inferred.flatMap((column) => column.warnings).filter(({ column }) => column !== goal?.column.name);
  const profile: DatasetProfile = {
    rows: table.rows,
    columns: inferred.map(({ kind }, index): ColumnProfile => ({ ...table.columns[index]!.profile, kind })), // one each
  };
  const nameless = unnamed.map((column) => ({
    code: 'unnamed-column',
    column,
    message: `${column}: the file has no name for this column.`,
  }));
  const all = [...(goal?.warnings ?? []), ...nameless, ...warnings];
  return { definition, profile, warnings: all.slice(0, WARNINGS_MAX) };
}

interface Goal {
  readonly target: TableTarget;
  readonly column: TableColumn;
  readonly warnings: readonly DatasetWarning[];
}

interface GoalSource {
  readonly name: string | undefined;
  readonly given: TableDefinition | undefined;
  readonly columns: ReadonlyMap<string, TableColumn>;
  readonly factsOf: ReadonlyMap<string, ColumnFacts>;
}

function findGoal({ name, given, columns, factsOf }: GoalSource): Goal | null {
  if (name === undefined) return null;
  const facts = factsOf.get(name);
  const column = columns.get(name);
  if (!facts || !column) throw unknownColumn(name);
  const wanted = given?.target?.column === name ? given.target : null;
  const isReadAsGiven = given?.columns.some((one) => one.name === name) === true;
  const inferred = inferTarget(facts, column);
  const isSaid = wanted && (wanted.task ?? wanted.positive ?? wanted.positiveAbove) !== undefined;
  if (!isSaid)
    return { ...inferred, target: { ...inferred.target, ...wanted }, column: isReadAsGiven ? column : inferred.column };
  const readAs = isReadAsGiven ? column : readTarget(wanted, column, inferred.column);
  return { target: wanted, column: readAs, warnings: inferred.warnings };
}

/** How the target's column is read when the target is said and the column is not. */
function readTarget(target: TableTarget, found: TableColumn, asTarget: TableColumn): TableColumn {
  const { categories: _categories, ...number } = asTarget;
  if (target.task === 'regression' || target.positiveAbove !== undefined) return { ...number, type: 'number' };
  return asTarget.type === 'number' ? { ...found, type: 'category' } : asTarget;
}

/** A category whose values were not listed gets those that were found. */
function complete(column: TableColumn, { profile, numbers, texts }: ColumnFacts): TableColumn {
  if (column.type !== 'category' || column.allowed || column.categories || !profile.distinctIsExact) return column;
  if (texts.length === 0 && numbers.length > 0) return { ...column, allowed: numbers.map(([value]) => value) };
  const values = [...numbers.map(([value]) => String(value)), ...texts.map(([value]) => value)];
  return values.length > 0 ? { ...column, categories: values } : column;
}

/** Classes that are to be told from one text and nothing else, each text counting as its weight says. */
function preferText(target: TableTarget, columns: readonly TableColumn[], weight: string | null): TableTarget {
  const inputs = columns.filter(({ name, type }) => name !== target.column && name !== weight && type !== 'ignored');
  const classes = target.classes ?? columns.find(({ name }) => name === target.column)?.categories;
  if (inputs.length !== 1 || inputs[0]?.type !== 'text' || target.task === 'regression' || !classes) return target;
  if (classes.length < 2) return target;
  const { positive: _positive, ...rest } = target;
  return { ...rest, task: 'text-classification', classes };
}

const unknownColumn = (name: string): DomainError =>
  new DomainError('dataset-invalid', `The file has no column ${name}.`);
