import { Timestamp } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { z } from 'zod';

/** Where a page ended, in lists that are ordered by a time and, where times are equal, by an id: newest first. */
export interface TimeCursor {
  readonly at: Date;
  readonly id: string;
}

/** A page as the routes answer it. */
export interface PageOf<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

const TimeMark = z.tuple([Timestamp, z.uuid()]);

/**
 * Reads what {@link pageOf} wrote for the same list; undefined on the first page.
 * @throws DomainError `invalid-cursor`
 */
export function readCursor<S extends z.ZodType>(schema: S, cursor: string | undefined): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new DomainError('invalid-cursor', 'Take the cursor from next_cursor of this same list, unchanged.');
  }
}

/** @throws DomainError `invalid-cursor` */
export function readTimeCursor(cursor: string | undefined): TimeCursor | undefined {
  const mark = readCursor(TimeMark, cursor);
  return mark && { at: new Date(mark[0]), id: mark[1] };
}

/** The mark of a row in a list ordered by time and id. */
export const timeMark = (at: Date, id: string): readonly [string, string] => [at.toISOString(), id];

/** The condition "after the cursor, newest first" for the column `time` and `id`. */
export function olderThan<K extends string>(time: K, cursor: TimeCursor | undefined) {
  if (!cursor) return {};
  return { OR: [{ [time]: { lt: cursor.at } }, { [time]: cursor.at, id: { lt: cursor.id } }] };
}

/** How a list shows a row, and by what it finds its place again: values that JSON can hold. */
export interface PageShape<R, T> {
  readonly limit: number;
  readonly show: (row: R) => T;
  readonly mark: (row: R) => readonly (string | number)[];
}

/** Cuts rows that were read with one more than `limit`: the one more only says that there is a next page. */
export function pageOf<R, T>(rows: readonly R[], { limit, show, mark }: PageShape<R, T>): PageOf<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  const nextCursor = hasMore ? Buffer.from(JSON.stringify(mark(last)), 'utf8').toString('base64url') : null;
  return { items: shown.map(show), nextCursor };
}
