import { Id, Paging } from '../http/fields.js';
import { WebhookDeliveryPage } from '../http/webhook.js';
import type { RouteDefinition } from './route-definition.js';

/** Webhooks are set by MLflow's protocol; what became of their deliveries is ours to tell. */
export const WEBHOOK_ROUTES = {
  listWebhookDeliveries: {
    method: 'GET',
    path: '/api/v1/webhooks/:webhook/deliveries',
    owner: 'registry',
    role: 'admin',
    summary: 'What became of the deliveries of a webhook, newest first',
    params: { webhook: Id },
    query: Paging,
    status: 200,
    response: WebhookDeliveryPage,
  },
} as const satisfies Record<string, RouteDefinition>;
