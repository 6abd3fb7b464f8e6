import { TASKS } from '@gimbal/contracts';
import { LOSS_NAMES, METRIC_NAMES, type PerformanceBaseline, type ReferenceProfile } from '@gimbal/domain';
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

/** By name; what a task does not have is absent. */
const MetricValues = z.partialRecord(z.enum(METRIC_NAMES), rate);

const Baseline = z.object({
  task: z.enum(TASKS),
  rows: count,
  metrics: MetricValues,
  losses: z.array(z.object({ loss: z.enum(LOSS_NAMES), ...Moments.shape })).min(1),
  skill: rate,
});

const Features = z.array(z.discriminatedUnion('type', [NumericProfile, CategoricalProfile])).max(2_000);
const Head = { rows: count, duplicateRows: count, features: Features };

const CurrentDocument: z.ZodType<ReferenceProfile> = z.object({
  schemaVersion: z.literal(2),
  ...Head,
  prediction: z
    .object({
      outputs: z.array(z.discriminatedUnion('type', [NumericProfile, CategoricalProfile])).max(10),
      decision: z.object({ threshold: z.number(), positives: count }).nullable(),
    })
    .nullable(),
  performance: Baseline.nullable(),
});

/** As it was before other tasks than the binary one were judged: versions registered then keep it for ever. */
const FormerDocument = z.object({
  schemaVersion: z.literal(1),
  ...Head,
  prediction: z.object({ probability: NumericProfile, threshold: z.number(), positives: count }).nullable(),
  performance: z
    .object({
      ...{ rows: count, positives: count, brierLoss: Moments, logLoss: Moments },
      metrics: z.object({
        ...{ accuracy: z.number(), precision: rate, recall: rate, f1: rate, rocAuc: rate },
        ...{ logLoss: z.number(), brier: z.number() },
      }),
    })
    .nullable(),
});

function renew({ prediction, performance, ...head }: z.output<typeof FormerDocument>): ReferenceProfile {
  return {
    ...head,
    schemaVersion: 2,
    prediction: prediction && {
      outputs: [prediction.probability],
      decision: { threshold: prediction.threshold, positives: prediction.positives },
    },
    performance: performance && renewBaseline(performance),
  };
}

function renewBaseline({
  rows,
  positives,
  brierLoss,
  logLoss,
  metrics: { rocAuc, logLoss: meanLogLoss, ...metrics },
}: NonNullable<z.output<typeof FormerDocument>['performance']>): PerformanceBaseline {
  const share = positives / rows;
  return {
    task: 'binary-classification',
    rows,
    metrics: { ...metrics, roc_auc: rocAuc, log_loss: meanLogLoss },
    losses: [
      { loss: 'brier', ...brierLoss },
      { loss: 'log_loss', ...logLoss },
    ],
    skill: share > 0 && share < 1 ? 1 - brierLoss.mean / (share * (1 - share)) : null,
  };
}

/** The document that training stores as an artifact: what the domain's `buildReferenceProfile` returned, as JSON. */
export const ReferenceProfileDocument: z.ZodType<ReferenceProfile> = z.union([
  CurrentDocument,
  FormerDocument.transform(renew),
]);
