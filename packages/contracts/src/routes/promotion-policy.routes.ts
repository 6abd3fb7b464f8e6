import { RegisteredModelName, VersionParam } from '../http/fields.js';
import * as policy from '../http/promotion-policy.js';
import type { RouteDefinition } from './route-definition.js';

const m = { model: RegisteredModelName };
const mv = { model: RegisteredModelName, version: VersionParam };

/** Routes for what a promotion must fulfil, who agreed to it, and what moved when. */
export const PROMOTION_POLICY_ROUTES = {
  getPromotionPolicy: {
    method: 'GET',
    path: '/api/v1/models/:model/promotion-policy',
    owner: 'registry',
    role: 'viewer',
    summary: 'What a version must fulfil to go live',
    params: m,
    status: 200,
    response: policy.PromotionPolicyState,
  },
  putPromotionPolicy: {
    method: 'PUT',
    path: '/api/v1/models/:model/promotion-policy',
    owner: 'registry',
    role: 'admin',
    summary: 'Set what a version must fulfil to go live: limits, tags, approvals, a trial',
    params: m,
    body: policy.PutPromotionPolicy,
    status: 200,
    response: policy.PromotionPolicyState,
  },
  reviewVersion: {
    method: 'POST',
    path: '/api/v1/models/:model/versions/:version/approvals',
    owner: 'registry',
    role: 'approver',
    summary: 'Approve or reject a version, with a comment',
    params: mv,
    body: policy.ReviewVersion,
    status: 201,
    response: policy.VersionReviews,
  },
  listVersionReviews: {
    method: 'GET',
    path: '/api/v1/models/:model/versions/:version/approvals',
    owner: 'registry',
    role: 'viewer',
    summary: 'Who approved or rejected a version, and how many approvals are needed',
    params: mv,
    status: 200,
    response: policy.VersionReviews,
  },
  modelHistory: {
    method: 'GET',
    path: '/api/v1/models/:model/history',
    owner: 'registry',
    role: 'viewer',
    summary: 'Who moved versions and aliases, when and why; `?at=` leaves out what came later',
    params: m,
    query: policy.ModelHistoryQuery,
    status: 200,
    response: policy.ModelHistory,
  },
  modelAsOf: {
    method: 'GET',
    path: '/api/v1/models/:model/live',
    owner: 'registry',
    role: 'viewer',
    summary: 'What was live at a time, with its traffic plan, aliases and stages then',
    params: m,
    query: policy.AsOfQuery,
    status: 200,
    response: policy.ModelAsOf,
  },
} as const satisfies Record<string, RouteDefinition>;
