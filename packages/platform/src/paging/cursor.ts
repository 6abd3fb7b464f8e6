import { DomainError } from '@gimbal/domain';
import type { z } from 'zod';

/** An opaque place in a list: the sort key of the last item that was shown, in values that JSON can hold. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');
}

/**
 * Reads what {@link encodeCursor} wrote for the same list; undefined on the first page.
 * @throws DomainError `invalid-cursor` when it is not a place of the list that `schema` describes
 */
export function decodeCursor<S extends z.ZodType>(schema: S, cursor: string | undefined): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new DomainError('invalid-cursor', 'Take the cursor from next_cursor of this same list, unchanged.');
  }
}
