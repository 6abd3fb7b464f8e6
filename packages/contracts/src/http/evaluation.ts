import { z } from 'zod';
import { wire } from '../wire.js';
import { Share, VersionNumber } from './fields.js';

/** Quality of a binary classifier on `rows` labelled rows at `threshold`. AUC is null when only one class was present. */
export const Metrics = wire({
  rows: z.int().min(0),
  positives: z.int().min(0),
  threshold: Share,
  accuracy: Share,
  f1Score: Share,
  precision: Share,
  recall: Share,
  rocAuc: Share.nullable(),
  logLoss: z.number().min(0),
  brier: Share,
  calibrationError: Share,
  confusion: wire({ truePositives: z.int(), falsePositives: z.int(), trueNegatives: z.int(), falseNegatives: z.int() }),
});
export type Metrics = z.output<typeof Metrics>;

/** A difference with its confidence interval (percentile bootstrap); `level` is the interval's coverage, e.g. 0.95. */
export const Interval = wire({ estimate: z.number(), low: z.number(), high: z.number(), level: Share });
export type Interval = z.output<typeof Interval>;

/** Candidate and live version on the same rows, which neither has seen: differences are candidate minus live. */
export const VersusLive = wire({
  liveVersion: VersionNumber,
  /** `holdout` repeats the past; every other name is recent data, on which a version that a decision asked for must be better. */
  slice: z.string().max(100),
  rows: z.int().positive(),
  candidate: Metrics,
  live: Metrics,
  rocAucDifference: Interval.nullable(),
  brierDifference: Interval,
});
export type VersusLive = z.output<typeof VersusLive>;

/**
 * Quality on rows a version has not seen, for every task: named numbers, of which `primary` is what selection and the gate go by.
 * `constant` is what the best constant answer scores in `primary` on the same rows: a model has to do better than that.
 */
export const TaskScores = wire({
  rows: z.int().min(0),
  primary: z.string().max(60),
  better: z.enum(['higher', 'lower']),
  constant: z.number().nullable(),
  values: z.record(z.string().max(60), z.number().nullable()),
  /** Of `primary`, over folds. */
  crossValidation: wire({ folds: z.int().min(2), mean: z.number(), deviation: z.number().nullable() }).nullable(),
});
export type TaskScores = z.output<typeof TaskScores>;

/**
 * Candidate and live version by their mean loss (log loss, squared error) on the same rows, which the candidate has not seen. The gain is
 * live minus candidate: positive when the candidate is better.
 */
export const ScoreVersusLive = wire({
  liveVersion: VersionNumber,
  slice: z.string().max(100),
  rows: z.int().positive(),
  loss: z.string().max(60),
  candidate: z.number(),
  live: z.number(),
  gain: Interval,
});
export type ScoreVersusLive = z.output<typeof ScoreVersusLive>;

/**
 * What was measured before registration. `holdout` was untouched by fitting, tuning and selection; it is null for a model that is not
 * a binary classifier, whose quality is in `scores`.
 */
export const Evaluation = wire({
  holdout: Metrics.nullable(),
  scores: TaskScores.optional(),
  scoresVersusLive: z.array(ScoreVersusLive).max(10).optional(),
  crossValidation: wire({
    folds: z.int().min(2),
    f1Mean: z.number(),
    f1Deviation: z.number(),
    rocAucMean: z.number().nullable(),
  }).nullable(),
  versusLive: z.array(VersusLive).max(10),
});
export type Evaluation = z.output<typeof Evaluation>;

/** Proof that the exported ONNX file answers as the trained model did. */
export const ParityCertificate = wire({
  rows: z.int().positive(),
  worstProbabilityDifference: z.number().min(0),
  labelDifferences: z.int().min(0),
  runtime: z.string().max(100),
});

/** What the gate found: every refusal, not only the first. Codes such as `f1-below-minimum`, `brier-worse-than-live`. */
export const GateVerdict = wire({
  admitted: z.boolean(),
  refusals: z.array(wire({ code: z.string(), message: z.string() })),
  conditions: z.array(
    wire({ code: z.string(), holds: z.boolean(), measured: z.number().nullable(), limit: z.number().nullable() }),
  ),
});
export type GateVerdict = z.output<typeof GateVerdict>;
