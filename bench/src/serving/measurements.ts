import { measureColdStart } from './measurements/cold-start.js';
import { measureManyModels } from './measurements/many-models.js';
import { measureManyRows } from './measurements/many-rows.js';
import { measureMemory } from './measurements/memory.js';
import { measureOneClient } from './measurements/one-client.js';
import { measureOneRow } from './measurements/one-row.js';
import type { MeasureServing } from './setting.js';

/** What `npm run bench -- serving` measures, in this order, by the names that `--only` takes. */
export const MEASUREMENTS: Readonly<Record<string, MeasureServing>> = {
  'one-row': measureOneRow,
  'many-rows': measureManyRows,
  'one-client': measureOneClient,
  memory: measureMemory,
  'many-models': measureManyModels,
  'cold-start': measureColdStart,
};
