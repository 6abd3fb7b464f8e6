import type { ReferenceProfile } from '@gimbal/domain';
import type { LoadedData } from '../data/read-parts.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import type { SearchResult } from '../search/search.service.js';
import type { BinaryEvaluation, BinaryFigures } from './measure-rows.js';
import type { TrainingSet } from './training-set.js';

/** All that is worth keeping of a training. */
export interface TrainingRecord {
  readonly run: ClaimedRun;
  readonly experiment: string;
  readonly data: LoadedData;
  readonly set: TrainingSet;
  readonly ranked: readonly BinaryFigures[];
  readonly searched: SearchResult;
  readonly evaluation: BinaryEvaluation;
  readonly profile: ReferenceProfile;
  readonly onnx: Uint8Array;
  readonly seed: number;
  readonly testSize: number;
}
