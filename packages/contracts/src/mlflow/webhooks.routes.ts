import { z } from 'zod';
import * as field from './proto-json.js';
import type { MlflowRouteDefinition } from './route-definition.js';

const WEBHOOK_ENTITIES = {
  REGISTERED_MODEL: 1,
  MODEL_VERSION: 2,
  MODEL_VERSION_TAG: 3,
  MODEL_VERSION_ALIAS: 4,
} as const;
const WEBHOOK_ACTIONS = { CREATED: 1, UPDATED: 2, DELETED: 3, SET: 4 } as const;
const WEBHOOK_STATUSES = { ACTIVE: 1, DISABLED: 2 } as const;

const webhook_id = field.requiredText;
const WebhookEvent = z.object({ entity: field.enumOf(WEBHOOK_ENTITIES), action: field.enumOf(WEBHOOK_ACTIONS) });
const WebhookStatus = field.enumOf(WEBHOOK_STATUSES);

/** Who is told of what happens in the registry (webhooks.proto). They send what happens elsewhere, so only admins see and set them. */
export const WEBHOOKS_ROUTES = {
  createWebhook: {
    methods: ['POST'],
    path: '/webhooks',
    version: '2.0',
    role: 'admin',
    request: z.object({
      name: field.requiredText,
      description: field.optional(field.text),
      url: field.requiredText,
      events: field.list(WebhookEvent),
      secret: field.optional(field.text),
      status: field.optional(WebhookStatus),
    }),
  },
  listWebhooks: {
    methods: ['GET'],
    path: '/webhooks',
    version: '2.0',
    role: 'admin',
    request: z.object({ max_results: field.optional(field.int32), page_token: field.optional(field.text) }),
  },
  getWebhook: {
    methods: ['GET'],
    path: '/webhooks/:webhook_id',
    version: '2.0',
    role: 'admin',
    request: z.object({ webhook_id }),
  },
  updateWebhook: {
    methods: ['PATCH'],
    path: '/webhooks/:webhook_id',
    version: '2.0',
    role: 'admin',
    request: z.object({
      webhook_id,
      name: field.optional(field.text),
      description: field.optional(field.text),
      url: field.optional(field.text),
      events: field.list(WebhookEvent),
      secret: field.optional(field.text),
      status: field.optional(WebhookStatus),
    }),
  },
  deleteWebhook: {
    methods: ['DELETE'],
    path: '/webhooks/:webhook_id',
    version: '2.0',
    role: 'admin',
    request: z.object({ webhook_id }),
  },
  testWebhook: {
    methods: ['POST'],
    path: '/webhooks/:webhook_id/test',
    version: '2.0',
    role: 'admin',
    request: z.object({ webhook_id, event: field.optional(WebhookEvent) }),
  },
} as const satisfies Record<string, MlflowRouteDefinition>;
