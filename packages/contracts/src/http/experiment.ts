import { z } from 'zod';
import { wire } from '../wire.js';
import { Id, PageQuery, page, Timestamp } from './fields.js';

const Name = z.string().trim().min(1).max(250);
/** Path of a run's artifact: names joined by single slashes, no dots that climb. */
export const ArtifactPath = z
  .string()
  .regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/)
  .max(500);

const Tags = z.record(z.string().max(250), z.string().max(5_000));

export const CreateExperiment = wire({ name: Name, tags: Tags.default({}) });
export const Experiment = wire({
  id: Id,
  name: z.string(),
  tags: z.record(z.string(), z.string()),
  lifecycle: z.enum(['active', 'deleted']),
  createdAt: Timestamp,
});
export const ExperimentPage = page(Experiment);
export const ExperimentsQuery = wire({ ...PageQuery, name: z.string().max(250).optional() });

export const RUN_STATES = ['scheduled', 'running', 'finished', 'failed', 'killed'] as const;
export const CreateRun = wire({
  id: Id.optional(),
  name: Name,
  parentRunId: Id.optional(),
  params: z.record(z.string().max(250), z.string().max(6_000)).default({}),
  tags: Tags.default({}),
  datasetDigest: z.string().max(64).optional(),
  /** When it began, for a run that is told of later; default: now. */
  startedAt: Timestamp.optional(),
});
export const UpdateRun = wire({
  state: z.enum(RUN_STATES),
  /** When it ended, for a run that is told of later; default: now. Nothing to a run that goes on. */
  endedAt: Timestamp.optional(),
});
/** What a program measured. JSON has no NaN and no infinity of its own: a training that diverged logs them as texts. */
export const LoggedValue = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
/** `step` counts from 0. */
export const LogMetrics = wire({
  metrics: z
    .array(
      wire({
        key: z.string().min(1).max(250),
        value: LoggedValue,
        step: z.int().min(0).default(0),
        at: Timestamp.optional(),
      }),
    )
    .min(1)
    .max(1_000),
});
export const LogParams = wire({ params: z.record(z.string().max(250), z.string().max(6_000)) });
export const SetTags = wire({ tags: Tags });
export const LogArtifact = wire({
  path: ArtifactPath,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  contentType: z.string().max(100),
});
/** The part `metadata` of a form that brings the bytes in the part `file`. */
export const UploadArtifact = wire({
  path: ArtifactPath,
  contentType: z.string().max(100).default('application/octet-stream'),
});
/** As it was kept: an infinite value is the greatest number there is. */
const MeasuredValue = z.union([z.number(), z.literal('NaN')]);
export const Run = wire({
  id: Id,
  experimentId: Id,
  name: z.string(),
  state: z.enum(RUN_STATES),
  parentRunId: Id.nullable(),
  params: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), MeasuredValue),
  tags: z.record(z.string(), z.string()),
  datasetDigest: z.string().nullable(),
  artifacts: z.array(wire({ path: z.string(), digest: z.string(), bytes: z.int(), contentType: z.string() })),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export const RunPage = page(Run);
export const RunsQuery = wire({
  ...PageQuery,
  experimentId: Id.optional(),
  state: z.enum(RUN_STATES).optional(),
  name: z.string().max(250).optional(),
});
export const MetricHistory = page(wire({ value: MeasuredValue, step: z.number(), at: Timestamp }));

/** Any path: MLflow's clients choose from more of them than {@link ArtifactPath} allows. */
export const RunArtifactQuery = wire({ path: z.string().min(1).max(1_024) });
