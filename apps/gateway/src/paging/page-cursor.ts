import { DomainError } from '@gimbal/domain';
import type { z } from 'zod';

/** An opaque place in a list: the sort key of the last item that was given. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');
}

/**
 * Reads a cursor; undefined when there is none.
 * @throws DomainError `invalid-cursor` when this list did not make it
 */
export function decodeCursor<S extends z.ZodType>(schema: S, cursor: string | undefined): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new DomainError('invalid-cursor', 'Begin again without a cursor.');
  }
}
