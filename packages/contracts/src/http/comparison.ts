import { z } from 'zod';
import { wire } from '../wire.js';
import { Features, RegisteredModelName, VersionNumber } from './fields.js';
import { Outcome } from './receipt.js';

const Pair = z.tuple([VersionNumber, VersionNumber]);
const nullableNumber = z.number().nullable();

/** Two versions of a model as they were learned; `v1` is the one that was named first, `v2` the other. */
export const Comparison = wire({
  modelName: RegisteredModelName,
  versions: Pair,
  /** Per metric; `diff` is v2 - v1 and `pct_change` 0 when v1 is 0. */
  metrics: z.record(
    z.string(),
    z.object({ v1: nullableNumber, v2: nullableNumber, diff: nullableNumber, pct_change: nullableNumber }),
  ),
  /** Family, framework, threshold and hyperparameters; null where a version has no such parameter. */
  parameters: z.record(z.string(), z.object({ v1: z.unknown(), v2: z.unknown(), same: z.boolean() })),
  signature: wire({
    same: z.boolean(),
    /** A path such as `inputs.age.missing`; null where a version has none. */
    differences: z.array(z.object({ path: z.string(), v1: z.unknown(), v2: z.unknown() })),
  }),
  /** Share of each feature in what the model goes by, as training measured it; null when one of the two has none stored. */
  featureImportance: z
    .record(z.string(), z.object({ v1: nullableNumber, v2: nullableNumber, diff: nullableNumber }))
    .nullable(),
});
export type Comparison = z.output<typeof Comparison>;
export const CompareQuery = wire({ versions: z.string().regex(/^\d{1,7},\d{1,7}$/, 'two version numbers: 1,2') });

/** POST `/api/v1/models/:model/compare`. Without `rows` the rows are those that the model was asked last. */
export const ComparePredictions = wire({ versions: Pair, rows: z.array(Features).min(1).max(200).optional() });
export type ComparePredictions = z.output<typeof ComparePredictions>;

const Answered = wire({ outcome: Outcome.nullable(), refusal: z.string().nullable() });

/** What two versions say of the same rows. Nothing of it is logged. */
export const PredictionComparison = wire({
  modelName: RegisteredModelName,
  versions: Pair,
  /** `sent`: rows of the request; `logged`: those that the model was asked last; `example`: those stored with a version. */
  sample: z.enum(['sent', 'logged', 'example']),
  /** Rows that both answered. */
  compared: z.int(),
  /** Of these, how many got the same prediction; in regression, the same to the last bit. */
  agreed: z.int(),
  /** Of these, by how much the probability (in regression the value) differs, v2 - v1; null when none was compared. */
  difference: wire({ mean: z.number(), meanAbsolute: z.number(), worst: z.number() }).nullable(),
  rows: z.array(wire({ features: Features, v1: Answered, v2: Answered })),
});
export type PredictionComparison = z.output<typeof PredictionComparison>;
