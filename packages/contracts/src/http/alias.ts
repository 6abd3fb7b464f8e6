import { z } from 'zod';
import { wire } from '../wire.js';
import { page, Reason, RegisteredModelName, Timestamp, VersionNumber } from './fields.js';

export const AliasName = z.string().regex(/^[\p{L}\p{N}_-]{1,255}$/u, 'letters, digits, dashes and underscores');
export const PutAlias = wire({ version: VersionNumber, reason: Reason.min(1) });
export const Alias = wire({
  alias: AliasName,
  modelName: RegisteredModelName,
  version: VersionNumber,
  movedBy: z.string(),
  movedAt: Timestamp,
});
export const AliasQuery = wire({ at: Timestamp.optional() });
export const AliasHistory = page(
  wire({
    fromVersion: VersionNumber.nullable(),
    toVersion: VersionNumber.nullable(),
    actor: z.string(),
    reason: z.string(),
    decisionId: z.string().nullable(),
    at: Timestamp,
  }),
);
