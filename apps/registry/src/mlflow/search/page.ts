import { createHash } from 'node:crypto';
import { DomainError } from '@gimbal/domain';
import { z } from 'zod';
import { type Place, placeShape, type SortKey } from './order.js';

/** A page of a search: which rows, in which order. */
export interface Page {
  readonly ids: readonly string[];
  readonly nextPageToken?: string;
}

/** A row that a search found, with its place in the order. */
export interface Found {
  readonly id: string;
  readonly mark: Place;
}

/**
 * Tokens of one search: they hold the place where a page ended, and the hash of what was searched and in which order. What a token
 * holds is only ever compared with, so one that was made up can show no more than a search does.
 */
export class PageTokens {
  private readonly search: string;
  private readonly shape: z.ZodType<readonly [string, Place]>;

  /** @param search everything that makes it this search and no other */
  constructor(search: readonly unknown[], keys: readonly SortKey[]) {
    this.search = createHash('sha256').update(JSON.stringify(search)).digest('base64url').slice(0, 22);
    this.shape = z.tuple([z.literal(this.search), placeShape(keys)]);
  }

  /** @throws DomainError `invalid-cursor` for a damaged token, and for one of another search */
  read(token: string | undefined): Place | null {
    if (!token) return null;
    try {
      return this.shape.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')))[1];
    } catch {
      throw new DomainError('invalid-cursor', 'Invalid page token: it is damaged, or of another search.');
    }
  }

  /** Cuts rows that were read with one more than `limit`: the one more only says that there is a next page. */
  cut(rows: readonly Found[], limit: number): Page {
    const page = rows.slice(0, limit);
    const ids = page.map(({ id }) => id);
    const last = rows.length > limit ? page.at(-1) : undefined;
    if (!last) return { ids };
    const token = JSON.stringify([this.search, last.mark]);
    return { ids, nextPageToken: Buffer.from(token, 'utf8').toString('base64url') };
  }
}
