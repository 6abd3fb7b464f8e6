import { z } from 'zod';
import { wire } from '../wire.js';
import { page, Timestamp } from './fields.js';

const Backlog = wire({
  /** Experiments, runs, models and so on whose last change is to be told. */
  entities: z.int().min(0),
  /** Of the oldest such change. */
  ageSeconds: z.number().min(0),
  /** Told when something that they refer to is there, which is among the others. */
  waiting: z.int().min(0),
  /** Not told, because somebody else owns or changed it there. */
  conflicts: z.int().min(0),
  /** Not told, because the server refused it. */
  failed: z.int().min(0),
});

/** GET `/api/v1/mlflow/health`. All but `status` is null when no server is told. */
export const MlflowHealth = wire({
  status: z.enum(['off', 'healthy', 'degraded', 'unreachable']),
  reachable: z.boolean().nullable(),
  version: z.string().nullable(),
  latencyMs: z.number().nullable(),
  breaker: z.enum(['closed', 'half-open', 'open']).nullable(),
  backlog: Backlog.nullable(),
  lastError: wire({
    at: Timestamp,
    message: z.string(),
    /** MLflow's own status and error code, when it answered. */
    status: z.int().nullable(),
    errorCode: z.string().nullable(),
  }).nullable(),
});

/** POST `/api/v1/mlflow/reconcile`. */
export const ReconcileMlflow = wire({
  /** `true`: what is missing or differs there is told again. Nothing of somebody else is overwritten or removed. */
  repair: z.boolean().default(false),
  /** Of the answer before: what was compared already is left out. */
  cursor: z.string().max(2_000).optional(),
});

/** What is mirrored, in the order it is told in: each may need the ids of those before it. */
export const MIRROR_KINDS = ['experiment', 'run', 'logged-model', 'model', 'model-version', 'aliases'] as const;

/** What is not told before it changes, or somebody has it tried again. */
const Refusal = wire({
  kind: z.enum(MIRROR_KINDS),
  id: z.string(),
  /** Here. */
  name: z.string(),
  /** `failed`: the server refused it; `conflict`: somebody else owns or changed it there. */
  state: z.enum(['failed', 'conflict']),
  reason: z.string(),
  changedAt: Timestamp,
});

/** GET `/api/v1/mlflow/refusals`. */
export const MlflowRefusals = page(Refusal);

/** POST `/api/v1/mlflow/retry`. */
export const RetryMlflow = wire({
  /** Of one refusal; without it all are tried again. */
  id: z.string().min(1).max(100).optional(),
});
export const MlflowRetried = wire({ retried: z.int().min(0) });

const Item = wire({
  kind: z.enum(MIRROR_KINDS),
  /** Ours where there is one, else that of the server. */
  id: z.string(),
  name: z.string(),
  detail: z.string(),
});

/** One part of the comparison; it is whole when there is no `nextCursor`. */
export const Reconciliation = wire({
  compared: z.int().min(0),
  /** Here and not there. */
  missing: z.array(Item),
  /** On both sides, with other values. */
  differing: z.array(Item),
  /** There and not here: somebody else's. */
  unknown: z.array(Item),
  /** Not told, because somebody else owns or changed it there. */
  conflicts: z.array(Item),
  /** How many are told again. */
  repaired: z.int().min(0),
  nextCursor: z.string().nullable(),
});
