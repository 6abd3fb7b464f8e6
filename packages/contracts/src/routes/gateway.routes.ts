import { z } from 'zod';
import * as access from '../http/access.js';
import { Id } from '../http/fields.js';
import type { RouteDefinition } from './route-definition.js';

const id = { id: Id };

/** Routes for the audit chain, live events and API keys. */
export const GATEWAY_ROUTES = {
  listAudit: {
    method: 'GET',
    path: '/api/v1/audit',
    owner: 'gateway',
    role: 'viewer',
    summary: 'The hash-chained record of every decision and change',
    query: access.AuditQuery,
    status: 200,
    response: access.AuditPage,
  },
  verifyAudit: {
    method: 'GET',
    path: '/api/v1/audit/verify',
    owner: 'gateway',
    role: 'viewer',
    summary: 'Check the whole chain',
    status: 200,
    response: access.AuditVerification,
  },
  verifyAuditCopy: {
    method: 'POST',
    path: '/api/v1/audit/verify',
    owner: 'gateway',
    role: 'viewer',
    summary: 'Check a copy of (a part of) the chain',
    body: access.VerifyAuditCopy,
    status: 200,
    response: access.AuditVerification,
  },
  events: {
    method: 'GET',
    path: '/api/v1/events',
    owner: 'gateway',
    role: 'viewer',
    summary: 'Live changes as server-sent events',
    status: 200,
    response: 'events',
  },
  listApiKeys: {
    method: 'GET',
    path: '/api/v1/api-keys',
    owner: 'gateway',
    role: 'admin',
    summary: 'API keys (never their secrets)',
    query: access.ApiKeysQuery,
    status: 200,
    response: access.ApiKeyPage,
  },
  createApiKey: {
    method: 'POST',
    path: '/api/v1/api-keys',
    owner: 'gateway',
    role: 'admin',
    summary: 'Make a key; its secret is shown once',
    body: access.CreateApiKey,
    status: 201,
    response: access.CreatedApiKey,
  },
  revokeApiKey: {
    method: 'DELETE',
    path: '/api/v1/api-keys/:id',
    owner: 'gateway',
    role: 'admin',
    summary: 'Revoke a key, at once',
    params: id,
    status: 204,
    response: z.null(),
  },
} as const satisfies Record<string, RouteDefinition>;
