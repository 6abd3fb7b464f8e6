import type { ReferenceProfile } from '@gimbal/domain';
import { z } from 'zod';

const count = z.int().min(0);
const rate = z.number().nullable();

const Distribution = z
  .object({ values: z.array(z.number()), cumulative: z.array(count), count, complete: z.boolean() })
  .refine(({ values, cumulative }) => values.length === cumulative.length, 'has a count for each value');

const NumericProfile = z.object({
  name: z.string(),
  type: z.literal('numeric'),
  ...{ rows: count, missing: count, malformed: count, infinite: count, zeros: count },
  ...{ min: rate, max: rate, mean: rate, sd: rate },
  distribution: Distribution,
});

const CategoricalProfile = z.object({
  name: z.string(),
  type: z.literal('categorical'),
  ...{ rows: count, missing: count, malformed: count, other: count },
  categories: z.array(z.object({ value: z.string(), count })).max(1_000),
});

const Moments = z.object({ rows: count, mean: z.number(), sd: z.number() });

const Baseline = z.object({
  ...{ rows: count, positives: count, brierLoss: Moments, logLoss: Moments },
  metrics: z.object({
    ...{ accuracy: z.number(), precision: rate, recall: rate, f1: rate, rocAuc: rate },
    ...{ logLoss: z.number(), brier: z.number() },
    confusion: z.object({ truePositives: count, falsePositives: count, trueNegatives: count, falseNegatives: count }),
  }),
});

/** The document that training stores as an artifact: what the domain's `buildReferenceProfile` returned, as JSON. */
export const ReferenceProfileDocument: z.ZodType<ReferenceProfile> = z.object({
  schemaVersion: z.literal(1),
  rows: count,
  duplicateRows: count,
  features: z.array(z.discriminatedUnion('type', [NumericProfile, CategoricalProfile])).max(2_000),
  prediction: z.object({ probability: NumericProfile, threshold: z.number(), positives: count }).nullable(),
  performance: Baseline.nullable(),
});
