import type { OrderedSearch, Page } from './entities.js';
import { listOf, type Read, text } from './shape.js';

/** Reads a page whose items are in `field`. */
export const pageOf =
  <T>(field: string, read: Read<T>): Read<Page<T>> =>
  (value, at) => {
    const source = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>; // an empty page is an empty object
    const token = source['next_page_token'];
    return {
      items: listOf(read)(source[field], field),
      nextPageToken: token === undefined || token === '' ? null : text(token, `${at}next_page_token`),
    };
  };

/** A search in the names of the wire, for a body and for an address. */
export const writeSearch = ({ filter, orderBy, maxResults, pageToken }: OrderedSearch) => ({
  ...(filter !== undefined && { filter }),
  ...(orderBy !== undefined && { order_by: orderBy }),
  ...(maxResults !== undefined && { max_results: maxResults }),
  ...(typeof pageToken === 'string' && { page_token: pageToken }),
});

/** Every item of all pages, fetched as they are asked for. */
export async function* allOf<T>(fetch: (pageToken: string | null) => Promise<Page<T>>): AsyncGenerator<T> {
  let pageToken: string | null = null;
  do {
    const page: Page<T> = await fetch(pageToken);
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
}
