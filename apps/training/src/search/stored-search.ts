import type { SearchProgress } from '@gimbal/contracts';
import type { SearchState } from '@gimbal/learning';
import { z } from 'zod';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What of a search a reader of its run sees. */
export const ShownSearch = z.object({ v: z.literal(2), progress: z.custom<SearchProgress>(isObject) });

/** How far the search of a run is, as the column `search` keeps it: another attempt goes on with it, and its record can be closed. */
export const StoredSearch = ShownSearch.extend({
  /** Milliseconds that trials have taken so far, over all attempts. */
  spentMs: z.number().min(0),
  /** By family. */
  families: z.record(z.string(), z.custom<SearchState>(isObject)),
  /** What is set for a family beside what is searched, by family. */
  settings: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Where in the registry its trials are. */
  record: z.object({ experiment: z.string(), dataOrigin: z.string(), datasetDigest: z.string(), seed: z.int() }),
});
export type StoredSearch = z.output<typeof StoredSearch>;
