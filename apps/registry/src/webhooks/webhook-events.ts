import type { DatabaseTransaction } from '@gimbal/db';
import { OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { encodeEvent, type RegistryEvent, type RegistryEvents } from './registry-event.js';

/** Tells webhooks of a change in the transaction that makes it: what is rolled back is never told, what is committed always. */
@Injectable()
export class WebhookEvents {
  constructor(private readonly outbox: OutboxWriter) {}

  /** Writes one delivery per active webhook that asked for the event; it leaves within moments of the commit. */
  async tell<E extends RegistryEvent>(tx: DatabaseTransaction, event: E, data: RegistryEvents[E]): Promise<void> {
    const webhooks = await tx.webhook.findMany({
      where: { status: 'active', events: { has: event } },
      select: { id: true },
    });
    if (webhooks.length === 0) return;
    const body = encodeEvent(event, data, new Date());
    for (const { id: webhookId } of webhooks) {
      const { id } = await tx.webhookDelivery.create({ data: { webhookId, event, body }, select: { id: true } });
      await this.outbox.enqueue(tx, 'webhook-delivery.due', { v: 1, deliveryId: id });
    }
  }
}
