import type { TableDefinition, TableTask } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';

/** What a definition is learned for. Without a word about it, a target of numbers is regression and any other a class. */
export function taskOf({ target, columns }: Pick<TableDefinition, 'target' | 'columns'>): TableTask {
  if (!target) return 'anomaly-detection';
  if (target.task) return target.task;
  if (target.positive !== undefined || target.positiveAbove !== undefined) return 'binary-classification';
  const isNumber = columns.find(({ name }) => name === target.column)?.type === 'number';
  return isNumber ? 'regression' : 'multiclass-classification';
}

/**
 * Refuses a definition whose parts contradict each other.
 * @throws DomainError `dataset-invalid` that lists every contradiction
 */
export function checkDefinition(definition: TableDefinition): void {
  const faults = [...findColumnFaults(definition), ...findTargetFaults(definition)];
  if (faults.length > 0)
    throw new DomainError('dataset-invalid', `The definition contradicts itself: ${faults.join('; ')}.`);
}

function findColumnFaults({ columns, group, time, weight, target }: TableDefinition): string[] {
  const names = columns.map(({ name }) => name);
  const roles = { group, time, weight };
  const unknown = Object.entries(roles).filter(([, name]) => name !== null && !names.includes(name));
  const doubled = Object.entries(roles).filter(([, name]) => name !== null && name === target?.column);
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `two columns are named ${name}`),
    ...unknown.map(([role, name]) => `${role}: there is no column ${name}`),
    ...doubled.map(([role]) => `${role}: is the target's column`),
    ...columns
      .filter(({ allowed, categories }) => allowed && categories)
      .map(({ name }) => `${name}: has both codes and categories`),
    ...columns
      .filter(({ type, allowed, categories }) => type !== 'category' && type !== 'ignored' && (allowed || categories))
      .map(({ name }) => `${name}: only a category has codes or categories`),
    ...columns
      .filter(({ categories }) => categories && new Set(categories).size < categories.length)
      .map(({ name }) => `${name}: names a category twice`),
  ];
}

function findTargetFaults(definition: TableDefinition): string[] {
  const { target, columns } = definition;
  if (!target) return [];
  const column = columns.find(({ name }) => name === target.column);
  if (!column) return [`target: there is no column ${target.column}`];
  const { positive, positiveAbove, classes } = target;
  const task = taskOf(definition);
  const isBinary = task === 'binary-classification' || task === 'anomaly-detection';
  const ways = [positive, positiveAbove].filter((way) => way !== undefined).length;
  const faults: string[] = [];
  if (isBinary && ways !== 1) faults.push('target: one of two values has either positive or positive_above');
  if (!isBinary && ways > 0) faults.push(`target: ${task} has neither positive nor positive_above`);
  const needsNumber = task === 'regression' || positiveAbove !== undefined;
  const hasNumbers =
    column.type === 'number' || (column.type === 'category' && !column.categories) || column.type === 'boolean';
  if (needsNumber && !hasNumbers) faults.push(`target: ${target.column} is no number`);
  if (classes && task === 'regression') faults.push('target: an amount has no classes');
  if (classes && new Set(classes).size < classes.length) faults.push('target: names a class twice');
  if (column.type === 'ignored') faults.push(`target: ${target.column} is ignored`);
  return faults;
}
