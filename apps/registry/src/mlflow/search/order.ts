import { Prisma } from '@gimbal/db';
import { z } from 'zod';

const Integer = z.string().regex(/^-?\d{1,18}$/);
const TIME_BOUND_MS = Date.UTC(9999, 0);

/** The kinds of sort keys: how a value is written into a page token, what may be read from one, and how it is bound again. */
const KINDS = {
  text: {
    mark: (sql: Prisma.Sql) => sql,
    shape: z.string().refine((text) => !text.includes('\0')),
    bind: (mark: string) => Prisma.sql`${mark}::text`,
  },
  uuid: {
    mark: (sql: Prisma.Sql) => Prisma.sql`${sql}::text`,
    shape: z.guid(),
    bind: (mark: string) => Prisma.sql`${mark}::uuid`,
  },
  integer: {
    mark: (sql: Prisma.Sql) => Prisma.sql`${sql}::text`,
    shape: Integer,
    bind: (mark: string) => Prisma.sql`${mark}::bigint`,
  },
  number: {
    mark: (sql: Prisma.Sql) => Prisma.sql`${sql}::text`,
    shape: z.string().regex(/^(?:NaN|-?Infinity|-?\d+(?:\.\d+)?(?:e[-+]?\d{1,3})?)$/),
    bind: (mark: string) => Prisma.sql`${mark}::float8`,
  },
  /** Kept in milliseconds. */
  time: {
    mark: (sql: Prisma.Sql) => Prisma.sql`(extract(epoch FROM ${sql}) * 1000)::bigint::text`,
    shape: Integer.refine((mark) => Math.abs(Number(mark)) < TIME_BOUND_MS),
    bind: (mark: string) => Prisma.sql`${new Date(Number(mark)).toISOString()}::timestamptz`,
  },
} as const;

/** One key that rows are sorted by. */
export interface SortKey {
  readonly sql: Prisma.Sql;
  readonly kind: keyof typeof KINDS;
  readonly direction: 'asc' | 'desc';
  /** Rows without a value come last in both directions, as in MLflow. */
  readonly nullable?: true;
}

/** Where the page before ended: the keys of its last row. */
export type Place = readonly (string | null)[];

export const orderBy = (keys: readonly SortKey[]): Prisma.Sql =>
  Prisma.join(
    keys.map(({ sql, direction, nullable }) => {
      if (direction === 'asc') return Prisma.sql`${sql} ASC`;
      return nullable ? Prisma.sql`${sql} DESC NULLS LAST` : Prisma.sql`${sql} DESC`;
    }),
  );

/** The keys of a row as a JSON array of texts: its {@link Place}. */
export const markOf = (keys: readonly SortKey[]): Prisma.Sql =>
  Prisma.sql`json_build_array(${Prisma.join(keys.map(({ sql, kind }) => KINDS[kind].mark(sql)))})`;

/** What a place of this order looks like. */
export const placeShape = (keys: readonly SortKey[]): z.ZodType<Place> =>
  z.array(z.string().nullable()).refine(
    (marks) =>
      marks.length === keys.length &&
      keys.every(({ kind, nullable }, at) => {
        const mark = marks[at] ?? null;
        return mark === null ? nullable === true : KINDS[kind].shape.safeParse(mark).success;
      }),
  );

/** The condition that a row comes after a place. Begins with a plain comparison of the first key, from which an index can start. */
export function after(keys: readonly SortKey[], place: Place | null): Prisma.Sql {
  if (place === null) return Prisma.sql`TRUE`;
  const [first] = keys;
  const steps = keys.map((key, at) => {
    const equal = keys.slice(0, at).map((before, index) => isAt(before, place[index] ?? null));
    return Prisma.sql`(${Prisma.join([...equal, isAfter(key, place[at] ?? null)], ' AND ')})`;
  });
  const beyond = Prisma.sql`(${Prisma.join(steps, ' OR ')})`;
  return first && !first.nullable ? Prisma.sql`${isNotBefore(first, place[0] ?? null)} AND ${beyond}` : beyond;
}

function isAt({ sql, kind }: SortKey, mark: string | null): Prisma.Sql {
  return mark === null ? Prisma.sql`${sql} IS NULL` : Prisma.sql`${sql} = ${KINDS[kind].bind(mark)}`;
}

function isAfter({ sql, kind, direction, nullable }: SortKey, mark: string | null): Prisma.Sql {
  if (mark === null) return Prisma.sql`FALSE`;
  const bound = KINDS[kind].bind(mark);
  const greater = direction === 'asc' ? Prisma.sql`${sql} > ${bound}` : Prisma.sql`${sql} < ${bound}`;
  return nullable ? Prisma.sql`(${greater} OR ${sql} IS NULL)` : greater;
}

function isNotBefore({ sql, kind, direction }: SortKey, mark: string | null): Prisma.Sql {
  if (mark === null) return Prisma.sql`TRUE`;
  const bound = KINDS[kind].bind(mark);
  return direction === 'asc' ? Prisma.sql`${sql} >= ${bound}` : Prisma.sql`${sql} <= ${bound}`;
}
