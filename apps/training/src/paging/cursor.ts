import { Timestamp } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { z } from 'zod';

/** Where a page ended, in lists ordered by creation and, where times are equal, by id: newest first. */
interface TimeCursor {
  readonly createdAt: Date;
  readonly id: string;
}

/** A page as the routes answer it. */
export interface PageOf<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

const CursorText = z.tuple([Timestamp, z.uuid()]);

/** The condition "after the cursor". @throws DomainError `invalid-cursor` */
export function olderThan(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const { createdAt, id } = readCursor(cursor);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

/** Cuts rows that were read with one more than `limit`: the one more only says that there is a next page. */
export function pageOf<R extends TimeCursor, T>(rows: readonly R[], limit: number, show: (row: R) => T): PageOf<T> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor = last
    ? Buffer.from(JSON.stringify([last.createdAt.toISOString(), last.id]), 'utf8').toString('base64url')
    : null;
  return { items: shown.map(show), nextCursor };
}

function readCursor(cursor: string): TimeCursor {
  try {
    const [at, id] = CursorText.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { createdAt: new Date(at), id };
  } catch {
    throw new DomainError('invalid-cursor', 'Take the cursor from next_cursor of this same list, unchanged.');
  }
}
