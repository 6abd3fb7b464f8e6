import type { SearchState } from '@gimbal/learning';
import { z } from 'zod';

/** How far the search of a run is, as the column `search` keeps it: another attempt goes on with it. */
export const StoredSearch = z.object({
  v: z.literal(1),
  /** Milliseconds that trials have taken so far, over all attempts. */
  spentMs: z.number().min(0),
  /** By family. */
  families: z.record(
    z.string(),
    z.custom<SearchState>((state) => typeof state === 'object' && state !== null),
  ),
});
export type StoredSearch = z.output<typeof StoredSearch>;
