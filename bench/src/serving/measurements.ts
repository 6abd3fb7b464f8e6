import { measureColdStart } from './measurements/cold-start.js';
import { measureGrpc } from './measurements/grpc.js';
import { measureHalfLoad } from './measurements/half-load.js';
import { measureManyModels } from './measurements/many-models.js';
import { measureManyRows } from './measurements/many-rows.js';
import { measureMemory } from './measurements/memory.js';
import { measureOneClient } from './measurements/one-client.js';
import { measureOneRow } from './measurements/one-row.js';
import { measurePredictionLog } from './measurements/prediction-log.js';
import { measureServingAlone } from './measurements/serving-alone.js';
import { measureSlowNeighbour } from './measurements/slow-neighbour.js';
import { measureTwoReplicas } from './measurements/two-replicas.js';
import type { MeasureServing } from './setting.js';

/** What `npm run bench -- serving` measures, in this order, by the names that `--only` takes. */
export const MEASUREMENTS: Readonly<Record<string, MeasureServing>> = {
  'one-row': measureOneRow,
  'serving-alone': measureServingAlone,
  'many-rows': measureManyRows,
  'one-client': measureOneClient,
  'half-load': measureHalfLoad,
  grpc: measureGrpc,
  memory: measureMemory,
  'prediction-log': measurePredictionLog,
  'many-models': measureManyModels,
  'two-replicas': measureTwoReplicas,
  'slow-neighbour': measureSlowNeighbour,
  'cold-start': measureColdStart,
};
