import { Prisma } from '@gimbal/db';
import { refuseSearch, type SearchCondition } from '@gimbal/domain';

/** Operators are words of the statement, never text that came from outside. */
const OPERATORS = {
  '=': Prisma.sql`=`,
  '!=': Prisma.sql`<>`,
  '>': Prisma.sql`>`,
  '>=': Prisma.sql`>=`,
  '<': Prisma.sql`<`,
  '<=': Prisma.sql`<=`,
  LIKE: Prisma.sql`LIKE`,
  ILIKE: Prisma.sql`ILIKE`,
} as const;

/** Times outside are before or after all that are kept: PostgreSQL cannot hold every number of milliseconds. */
const TIME_BOUND_MS = Date.UTC(9999, 0);

export const allOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join([...conditions], ' AND ');

/** `column` may be null: then no comparison holds, as in MLflow. @throws DomainError `validation-failed` for a pattern that PostgreSQL refuses */
export function compareText(column: Prisma.Sql, { operator, value }: SearchCondition): Prisma.Sql {
  if (operator === 'IS NULL') return Prisma.sql`${column} IS NULL`;
  if (operator === 'IS NOT NULL') return Prisma.sql`${column} IS NOT NULL`;
  if (operator === 'IN') return Prisma.sql`${column} = ANY(${[...value]}::text[])`;
  if (operator === 'NOT IN') return Prisma.sql`${column} <> ALL(${[...value]}::text[])`;
  if ((operator === 'LIKE' || operator === 'ILIKE') && /(?<!\\)(?:\\\\)*\\$/.test(value)) {
    throw refuseSearch('A pattern must not end with a single backslash: write two for one.');
  }
  return Prisma.sql`${column} ${OPERATORS[operator]} ${String(value)}::text`;
}

/** NaN is equal to nothing and not greater than anything, as in MLflow; to PostgreSQL it is the greatest number. */
export function compareNumber(column: Prisma.Sql, { operator, value }: SearchCondition): Prisma.Sql {
  const comparison = Prisma.sql`${column} ${operatorOf(operator)} ${String(value)}::float8`;
  return operator === '>' || operator === '>=' ? Prisma.sql`${comparison} AND ${column} < 'NaN'::float8` : comparison;
}

/** A time that is kept in whole milliseconds, compared with any number of milliseconds since 1970. */
export function compareTime(column: Prisma.Sql, { operator, value }: SearchCondition): Prisma.Sql {
  const number = Math.min(Math.max(Number(value), -TIME_BOUND_MS), TIME_BOUND_MS);
  if (Number.isInteger(number)) return Prisma.sql`${column} ${operatorOf(operator)} ${timeOf(number)}`;
  if (operator === '=') return Prisma.sql`FALSE`;
  if (operator === '!=') return Prisma.sql`${column} IS NOT NULL`;
  return operator === '>' || operator === '>='
    ? Prisma.sql`${column} >= ${timeOf(Math.ceil(number))}`
    : Prisma.sql`${column} <= ${timeOf(Math.floor(number))}`;
}

const timeOf = (milliseconds: number): Prisma.Sql => Prisma.sql`${new Date(milliseconds).toISOString()}::timestamptz`;

function operatorOf(operator: string): Prisma.Sql {
  if (!Object.hasOwn(OPERATORS, operator)) throw new Error(`The grammar lets no ${operator} through here.`);
  return OPERATORS[operator as keyof typeof OPERATORS]; // it has just been found there
}
