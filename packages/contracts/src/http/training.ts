import { z } from 'zod';
import { wire } from '../wire.js';
import { GateVerdict, Metrics } from './evaluation.js';
import { Id, ModelName, PageQuery, page, Reason, Timestamp, VersionNumber } from './fields.js';
import { Algorithm } from './model.js';
import { Search } from './search.js';

/**
 * Which rows to learn from. `dataset` names a definition, `parts` some of its files (default: the first); or, with `version`, a table that
 * was uploaded. `labelledUntil` adds the
 * predictions of the model whose true outcome was known by then. A share of those answered since `recentFrom` (default: of all) is kept
 * apart to judge the candidate on; the others are learned from.
 */
export const TrainingData = wire({
  dataset: ModelName,
  parts: z.array(ModelName).max(20).optional(),
  version: VersionNumber.optional(),
  labelledUntil: Timestamp.optional(),
  recentFrom: Timestamp.optional(),
});
export type TrainingData = z.output<typeof TrainingData>;

/**
 * POST `/retrain`. Everything is optional: the defaults come from `model_config.yml`. A `dataset` that was uploaded is learned from in its
 * `datasetVersion` (default: the latest), by default for a model of the dataset's name.
 */
export const Retrain = wire({
  model: ModelName.optional(),
  dataset: ModelName.optional(),
  datasetVersion: VersionNumber.optional(),
  parts: z.array(ModelName).max(20).optional(),
  includeLabelled: z.boolean().default(false),
  algorithms: z.array(Algorithm).min(1).max(10).optional(),
  testSize: z.number().min(0.1).max(0.5).optional(),
  seed: z.int().min(0).max(4_294_967_295).optional(),
  /** Instead of the configured search, if there is one. */
  search: Search.optional(),
  reason: Reason.optional(),
  /** Whether the version goes live by itself when the gate admits it. */
  promote: z.enum(['when-admitted', 'never']).default('when-admitted'),
});
export type Retrain = z.output<typeof Retrain>;
export const RetrainAccepted = wire({ trainingRunId: Id, statusUrl: z.string() });

export const TRAINING_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const TrainingState = z.enum(TRAINING_STATES);
export const TRAINING_STAGES = [
  'queued',
  'loading-data',
  'validating-data',
  'cross-validating',
  'fitting',
  'exporting',
  'evaluating',
  'registering',
  'promoting',
  'done',
] as const;

/**
 * One candidate's result on the leaderboard; `rank` 1 is the selected one. `primary` is what it was ranked by: F1 with a binary target (its
 * other means are then told, too), else the score of the task.
 */
export const Candidate = wire({
  algorithm: z.string(),
  rank: z.int().min(1).nullable(),
  hyperparameters: z.record(z.string(), z.unknown()),
  primary: wire({
    name: z.string(),
    better: z.enum(['higher', 'lower']),
    mean: z.number(),
    deviation: z.number().nullable(),
  }).optional(),
  f1Mean: z.number().nullable(),
  f1Deviation: z.number().nullable(),
  rocAucMean: z.number().nullable(),
  logLossMean: z.number().nullable(),
  brierMean: z.number().nullable(),
  threshold: z.number().nullable(),
  holdout: Metrics.nullable(),
  fitMs: z.number(),
});
/** Something about the data or the training that a person should look at: a stable code, the column it is about, a sentence. */
export const TrainingWarning = wire({ code: z.string(), column: z.string().nullable(), message: z.string() });
export type TrainingWarning = z.output<typeof TrainingWarning>;

/** One expectation on the data, with what was measured for each column. */
export const ExpectationResult = wire({
  expectation: z.string(),
  column: z.string().nullable(),
  passed: z.boolean(),
  measured: z.unknown(),
  expected: z.unknown(),
});

/**
 * How far the search of a training is. A trial is one setting, through all rounds of a halving: `done` ones went through them, `cut` ones
 * gave way to better ones, `failed` ones gave no score. `minutes` may end a search below its `budget`. `best` is the best so far among
 * those that were given most.
 */
export const SearchProgress = wire({
  /** What trials are scored by: its mean over folds. */
  metric: z.string(),
  better: z.enum(['higher', 'lower']),
  /** Of all families together. */
  trials: wire({ budget: z.int().min(0), done: z.int().min(0), cut: z.int().min(0), failed: z.int().min(0) }),
  best: wire({
    algorithm: Algorithm,
    hyperparameters: z.record(z.string(), z.unknown()),
    score: z.number(),
  }).nullable(),
  /** Time that was spent on trials, over all attempts. */
  seconds: z.number().min(0),
});
export type SearchProgress = z.output<typeof SearchProgress>;

export const TrainingRun = wire({
  id: Id,
  modelName: ModelName,
  state: TrainingState,
  stage: z.enum(TRAINING_STAGES),
  /** In [0, 1]; never goes back within an attempt. */
  progress: z.number().min(0).max(1),
  attempt: z.int().min(0),
  reason: z.string(),
  requestedBy: z.string(),
  decisionId: Id.nullable(),
  data: TrainingData,
  dataOrigin: z.string().nullable(),
  datasetDigest: z.string().nullable(),
  rows: wire({ training: z.int(), holdout: z.int(), labelled: z.int() }).nullable(),
  expectations: z.array(ExpectationResult),
  warnings: z.array(TrainingWarning),
  candidates: z.array(Candidate),
  /** Null when nothing is searched for, or not yet. */
  search: SearchProgress.nullable(),
  outcome: wire({
    version: VersionNumber.nullable(),
    promoted: z.boolean(),
    refusals: z.array(z.string()),
    gate: GateVerdict.nullable(),
  }).nullable(),
  error: wire({ code: z.string(), message: z.string() }).nullable(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type TrainingRun = z.output<typeof TrainingRun>;
export const TrainingRunPage = page(TrainingRun);
export const TrainingRunsQuery = wire({ ...PageQuery, model: ModelName.optional(), state: TrainingState.optional() });

export const PutSchedule = wire({ cron: z.string().max(100), model: ModelName, enabled: z.boolean() });
export const Schedule = wire({
  name: ModelName,
  cron: z.string(),
  model: ModelName,
  enabled: z.boolean(),
  nextAt: Timestamp.nullable(),
  lastTrainingRunId: Id.nullable(),
  updatedAt: Timestamp,
});
