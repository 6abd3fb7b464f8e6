import { RETENTION_USES } from '@gimbal/domain';
import { z } from 'zod';
import { wire } from '../wire.js';
import { RegisteredModelName, Timestamp, VersionNumber } from './fields.js';

const KeepVersions = z.int().min(1).max(100_000);
const KeepDays = z.int().min(0).max(36_500);

/** PUT `/api/v1/models/:model/retention`: the newest so many versions stay, and all that are not older than so many days. */
export const PutRetention = wire({ keepVersions: KeepVersions, keepDays: KeepDays });
export type PutRetention = z.output<typeof PutRetention>;

/** How long versions of a model are kept; without a policy all are. */
export const RetentionState = wire({
  modelName: RegisteredModelName,
  source: z.enum(['model', 'configuration', 'none']),
  policy: wire({ keepVersions: KeepVersions, keepDays: KeepDays }).nullable(),
  updatedBy: z.string().nullable(),
  updatedAt: Timestamp.nullable(),
});
export type RetentionState = z.output<typeof RetentionState>;

/** POST `/api/v1/registry/retention`. */
export const RunRetention = wire({
  /** `true`: only tells what would go. */
  dryRun: z.boolean().default(true),
  /** One model; default: all that have a policy. */
  model: RegisteredModelName.optional(),
});
export type RunRetention = z.output<typeof RunRetention>;

const NamedVersion = { modelName: RegisteredModelName, version: VersionNumber };
export const RetentionReport = wire({
  dryRun: z.boolean(),
  /** Versions that went, or would go; their files go when nothing else names them. */
  gone: z.array(wire({ ...NamedVersion, createdAt: Timestamp, artifactBytes: z.int().nullable() })),
  /** Every reason why a version stays: `newest`, `recent`, or how it is used. */
  kept: z.array(wire({ ...NamedVersion, reasons: z.array(z.enum(['newest', 'recent', ...RETENTION_USES])) })),
  /** Models that were passed over, as they are; the next run tries them again. */
  failed: z.array(wire({ modelName: RegisteredModelName, reason: z.string() })),
  /** True when there are more than this report holds: ask model by model. */
  cut: z.boolean(),
});
export type RetentionReport = z.output<typeof RetentionReport>;
