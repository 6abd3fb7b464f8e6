import type { MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import type { Webhook, WebhookStatus } from '@gimbal/db';
import type { OutboundOutcome } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { EVENT_EXAMPLES, isRegistryEvent, type RegistryEvent } from '../../webhooks/registry-event.js';
import { type WantedWebhook, WebhookService } from '../../webhooks/webhook.service.js';
import { invalidParameter } from '../mlflow-error.js';

type WebhookRoute = 'createWebhook' | 'listWebhooks' | 'getWebhook' | 'updateWebhook' | 'deleteWebhook' | 'testWebhook';
type SentEvent = MlflowRequest<'createWebhook'>['events'][number];

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;
const STATUSES = { ACTIVE: 'active', DISABLED: 'disabled' } as const satisfies Record<string, WebhookStatus>;

/** MLflow's calls for webhooks (mlflow/server/handlers.py). The secret is taken and never answered. */
@Injectable()
export class WebhookHandlers {
  constructor(private readonly webhooks: WebhookService) {}

  readonly handlers: MlflowHandlers<WebhookRoute> = {
    createWebhook: async ({ name, url, events, description = '', secret = '', status = 'ACTIVE' }, actor) => {
      const wanted = { name, url, events: events.map(readEvent), description, secret, status: STATUSES[status] };
      return { webhook: showWebhook(await this.webhooks.create(wanted, actor)) };
    },
    listWebhooks: async ({ max_results: max, page_token }) => {
      const limit = max || PAGE_DEFAULT; // 0 stands for a field that is not set
      if (limit < 1 || limit > PAGE_MAX) throw invalidParameter(`max_results must be between 1 and ${PAGE_MAX}.`);
      const { items, nextCursor } = await this.webhooks.list({ limit, cursor: page_token || undefined });
      return { webhooks: items.map(showWebhook), ...(nextCursor !== null && { next_page_token: nextCursor }) };
    },
    getWebhook: async ({ webhook_id }) => ({ webhook: showWebhook(await this.webhooks.get(webhook_id)) }),
    updateWebhook: async ({ webhook_id, ...sent }, actor) => {
      return { webhook: showWebhook(await this.webhooks.update(webhook_id, readChanges(sent), actor)) };
    },
    deleteWebhook: async ({ webhook_id }, actor) => {
      await this.webhooks.delete(webhook_id, actor);
      return {};
    },
    testWebhook: async ({ webhook_id, event }) => ({
      result: showOutcome(await this.webhooks.test(webhook_id, event && readEvent(event))),
    }),
  };
}

/** What an update names. Empty texts and lists stand for fields that are not set, but for those that can be empty. */
function readChanges(sent: Omit<MlflowRequest<'updateWebhook'>, 'webhook_id'>): Partial<WantedWebhook> {
  const { name, url, events, description, secret, status } = sent;
  return {
    ...(name && { name }),
    ...(url && { url }),
    ...(events.length > 0 && { events: events.map(readEvent) }),
    ...(description !== undefined && { description }),
    ...(secret !== undefined && { secret }),
    ...(status && { status: STATUSES[status] }),
  };
}

/** @throws MlflowError in the words of MLflow for an action that the entity does not have */
function readEvent({ entity, action }: SentEvent): RegistryEvent {
  const [kind, verb] = [entity.toLowerCase(), action.toLowerCase()];
  const event = `${kind}.${verb}`;
  if (isRegistryEvent(event)) return event;
  const valid = Object.keys(EVENT_EXAMPLES)
    .filter((name) => name.startsWith(`${kind}.`))
    .map((name) => `'${name.slice(kind.length + 1)}'`);
  throw invalidParameter(
    `Invalid action '${verb}' for entity '${kind}'. Valid actions are: [${valid.sort().join(', ')}]`,
  );
}

function showWebhook(row: Webhook): object {
  return {
    webhook_id: row.id,
    name: row.name,
    url: row.url,
    events: row.events.map((event) => {
      const [entity, action] = event.toUpperCase().split('.');
      return { entity, action };
    }),
    ...(row.description !== '' && { description: row.description }),
    status: row.status.toUpperCase(),
    creation_timestamp: row.createdAt.getTime(),
    last_updated_timestamp: row.updatedAt.getTime(),
  };
}

function showOutcome(outcome: OutboundOutcome): object {
  if (outcome.kind !== 'answered')
    return { success: false, error_message: `Failed to test webhook: ${outcome.reason}` };
  return { success: outcome.status < 400, response_status: outcome.status, response_body: outcome.text };
}
