import { Timestamp } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { z } from 'zod';

/** What a list is ordered by, newest first. */
interface Place {
  readonly createdAt: Date;
  readonly id: string;
}

const PlaceText = z.codec(z.string(), z.tuple([Timestamp, z.uuid()]), {
  decode: (cursor, context) => {
    try {
      return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    } catch {
      context.issues.push({ code: 'custom', input: cursor, message: 'is not a cursor' });
      return z.NEVER;
    }
  },
  encode: (place) => Buffer.from(JSON.stringify(place), 'utf8').toString('base64url'),
});

/** The condition "after the cursor". @throws DomainError `invalid-cursor` */
export function afterCursor(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const place = PlaceText.safeParse(cursor);
  if (!place.success)
    throw new DomainError('invalid-cursor', 'Take the cursor from next_cursor of this same list, unchanged.');
  const [createdAt, id] = place.data;
  return { OR: [{ createdAt: { lt: new Date(createdAt) } }, { createdAt: new Date(createdAt), id: { lt: id } }] };
}

/** The cursor behind a page of at most `limit` rows; null when `rows`, read with one more than that, are the last ones. */
export function cursorAfter(rows: readonly Place[], limit: number): string | null {
  const last = rows[limit - 1];
  return rows.length > limit && last ? PlaceText.encode([last.createdAt.toISOString(), last.id]) : null;
}
