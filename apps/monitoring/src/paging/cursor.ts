import { Timestamp } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { z } from 'zod';

/** A place in a list ordered by creation, newest first, and by id where times are equal. */
interface Place {
  readonly createdAt: Date;
  readonly id: string;
}

/** A page as the routes answer it. */
export interface PageOf<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

const Mark = z.tuple([Timestamp, z.uuid()]);

/** The condition "after the cursor" of Prisma's `where`. @throws DomainError `invalid-cursor` */
export function afterCursor(cursor: string | undefined) {
  if (cursor === undefined) return {};
  let text: unknown;
  try {
    text = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    text = undefined;
  }
  const mark = Mark.safeParse(text);
  if (!mark.success)
    throw new DomainError('invalid-cursor', 'Take the cursor from next_cursor of this same list, unchanged.');
  const [time, id] = mark.data;
  const createdAt = new Date(time);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

/** Newest first. */
export const NEWEST_FIRST = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];

/** Cuts rows that were read with one more than `limit`: the one more only says that there is a next page. */
export function cutPage<R extends Place, T>(rows: readonly R[], limit: number, show: (row: R) => T): PageOf<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const mark = rows.length > limit && last ? JSON.stringify([last.createdAt.toISOString(), last.id]) : null;
  return { items: shown.map(show), nextCursor: mark && Buffer.from(mark, 'utf8').toString('base64url') };
}
