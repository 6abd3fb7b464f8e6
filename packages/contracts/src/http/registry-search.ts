import { z } from 'zod';
import { wire } from '../wire.js';
import { AliasName } from './alias.js';
import { PageQuery, Share } from './fields.js';
import { Stage } from './model.js';

const Limit = z.coerce.number().pipe(z.number());
const Tag = z.string().regex(/^[^=]{1,250}(=.{0,5000})?$/s, 'a key, or key=value');
const Text = z.string().trim().min(1).max(200);

/** What is asked of a version; every condition that is given must hold. */
const VersionConditions = {
  framework: z.string().max(100).optional(),
  algorithm: z.string().max(100).optional(),
  stage: Stage.optional(),
  minAccuracy: z.coerce.number().pipe(Share).optional(),
  /** A measurement of the version's evaluation, or the last value that its run logged under this name; with `min`, `max` or both. */
  metric: z.string().min(1).max(250).optional(),
  min: Limit.optional(),
  max: Limit.optional(),
  alias: AliasName.optional(),
  /** Whether serving can run it. */
  served: z.enum(['true', 'false']).optional(),
};

export const ModelsQuery = wire({
  ...PageQuery,
  ...VersionConditions,
  /** Of the model. */
  tag: Tag.optional(),
  /** In its name or description, in any case of letters. */
  text: Text.optional(),
});

export const VersionsQuery = wire({
  ...PageQuery,
  ...VersionConditions,
  /** Of the version. */
  tag: Tag.optional(),
  /** In the model's name or the version's description, in any case of letters. */
  text: Text.optional(),
});

const Count = z.int().min(0);

/** GET `/api/v1/registry/statistics`. */
export const RegistryStatistics = wire({
  models: Count,
  /** With a version that answers. */
  liveModels: Count,
  versions: Count,
  /** That serving can run. */
  servedVersions: Count,
  versionsByStage: z.record(Stage, Count),
  /** The most frequent ones. */
  versionsByFramework: z.record(z.string(), Count),
  runs: Count,
  /** Bytes of distinct content that is named: the same file is stored once, however often it was logged. */
  storage: wire({
    modelFiles: Count,
    runFiles: Count,
    loggedModelFiles: Count,
    datasets: Count,
    /** Of all these together. */
    total: Count,
  }),
  /** UTC days of the last 30, in order. */
  registrationsPerDay: z.array(wire({ day: z.iso.date(), versions: Count })),
});
export type RegistryStatistics = z.output<typeof RegistryStatistics>;
