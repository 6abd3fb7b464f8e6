import { z } from 'zod';
import { wire } from '../wire.js';
import { Id, PageQuery, page, Timestamp } from './fields.js';

export const ROLES = ['viewer', 'predictor', 'operator', 'approver', 'admin'] as const;
export const Role = z.enum(ROLES);
export type Role = (typeof ROLES)[number];

/** What each role may do besides its own: an operator reads and predicts too, an admin everything. */
const INCLUDED: Record<Role, readonly Role[]> = {
  viewer: ['viewer'],
  predictor: ['predictor'],
  operator: ['operator', 'viewer', 'predictor'],
  approver: ['approver', 'viewer'],
  admin: ROLES,
};

/** What a route asks of a key: a role, or any at all. */
export type RoleNeeded = Role | 'any';

/** True when one of the `held` roles includes `needed`. Unknown words in `held` grant nothing. */
export function hasRole(held: readonly string[], needed: RoleNeeded): boolean {
  return held.some((role) => {
    const included = (INCLUDED as Record<string, readonly Role[] | undefined>)[role];
    return included !== undefined && (needed === 'any' || included.includes(needed));
  });
}

export const CreateApiKey = wire({
  name: z.string().trim().min(1).max(100),
  roles: z.array(Role).min(1),
  /** The person it is for, by name. */
  owner: z.string().trim().min(1).max(100).optional(),
  expiresAt: Timestamp.optional(),
});
export const ApiKey = wire({
  id: Id,
  name: z.string(),
  prefix: z.string(),
  roles: z.array(Role),
  owner: z.string().nullable(),
  createdBy: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
});
/** `secret` is shown once, here, and kept nowhere. */
export const CreatedApiKey = wire({ key: ApiKey, secret: z.string() });
export const ApiKeyPage = page(ApiKey);
export const ApiKeysQuery = wire(PageQuery);

/** One link of the chain: `hash` = SHA-256 over `prev_hash`, a line feed and the canonical JSON of all other fields. */
export const AuditEntry = wire({
  seq: z.int(),
  eventId: z.string(),
  at: Timestamp,
  service: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  payload: z.unknown(),
  prevHash: z.string(),
  hash: z.string(),
});
export const AuditPage = page(AuditEntry);
export const AuditQuery = wire({
  ...PageQuery,
  action: z.string().max(100).optional(),
  subject: z.string().max(200).optional(),
  actor: z.string().max(100).optional(),
});
export const AuditVerification = wire({
  valid: z.boolean(),
  entries: z.int(),
  firstBrokenSeq: z.int().nullable(),
  headHash: z.string().nullable(),
  checkedAt: Timestamp,
});
/** POST `/api/v1/audit/verify`: checks a copy of the chain that somebody kept (entries in order). */
export const VerifyAuditCopy = wire({ entries: z.array(AuditEntry).min(1).max(10_000) });

export const GatewayHealth = wire({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  version: z.string(),
  services: z.record(z.string(), z.object({ status: z.string(), latency_ms: z.number().nullable() })),
  storage: z.object({ postgres: z.string(), queue: z.string(), artifacts: z.string(), mlflow: z.string() }),
});
