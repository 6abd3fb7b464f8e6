import { Timestamp } from '@gimbal/contracts';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.js';

/** A page as the routes answer it. */
export interface PageOf<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** How a list shows a row, and by what it finds its place again. */
export interface PageShape<R, T> {
  readonly limit: number;
  readonly show: (row: R) => T;
  readonly place: (row: R) => readonly (string | number)[];
}

/** Cuts rows that were read with one more than `limit`: the one more only says that there is a next page. */
export function cutPage<R, T>(rows: readonly R[], { limit, show, place }: PageShape<R, T>): PageOf<T> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(show), nextCursor: last === undefined ? null : encodeCursor(place(last)) };
}

/** A place in a list ordered by a time and, where times are equal, by an id: newest first. */
export interface TimePlace {
  readonly at: Date;
  readonly id: string;
}

const TimeMark = z.tuple([Timestamp, z.uuid()]);

/** @throws DomainError `invalid-cursor` */
export function readTimePlace(cursor: string | undefined): TimePlace | undefined {
  const mark = decodeCursor(TimeMark, cursor);
  return mark && { at: new Date(mark[0]), id: mark[1] };
}

/** The mark of a row in a list ordered by time and id; {@link readTimePlace} reads it. */
export const timeMark = (at: Date, id: string): readonly [string, string] => [at.toISOString(), id];

/** The order of lists by creation. */
export const NEWEST_FIRST = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];

/** The condition "after the cursor" of lists that are {@link NEWEST_FIRST}. @throws DomainError `invalid-cursor` */
export function olderThan(cursor: string | undefined) {
  const place = readTimePlace(cursor);
  if (!place) return {};
  return { OR: [{ createdAt: { lt: place.at } }, { createdAt: place.at, id: { lt: place.id } }] };
}

/** {@link cutPage} for lists that are {@link NEWEST_FIRST}. */
export function pageOf<R extends { readonly createdAt: Date; readonly id: string }, T>(
  rows: readonly R[],
  limit: number,
  show: (row: R) => T,
): PageOf<T> {
  return cutPage(rows, { limit, show, place: ({ createdAt, id }) => timeMark(createdAt, id) });
}
