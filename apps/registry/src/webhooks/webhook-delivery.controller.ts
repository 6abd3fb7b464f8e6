import { encodeWire, Id, Paging, WebhookDeliveryPage } from '@gimbal/contracts';
import { pageOf } from '@gimbal/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Database } from '../database/database.js';
import { findWebhook, listDeliveries } from './webhook.repository.js';

@Controller('api/v1/webhooks/:webhook/deliveries')
export class WebhookDeliveryController {
  constructor(private readonly database: Database) {}

  /** The deliveries of a webhook, newest first, those of the last week at least. */
  @Get()
  async list(
    @Param('webhook', { schema: Id }) webhook: string,
    @Query({ schema: Paging }) { limit, cursor }: z.output<typeof Paging>,
  ) {
    const db = this.database.reader;
    await findWebhook(db, webhook);
    const rows = await listDeliveries(db, webhook, { limit, cursor });
    return encodeWire(
      WebhookDeliveryPage,
      pageOf(rows, limit, ({ id, event, state, attempts, statusCode, lastError, ...times }) => ({
        ...{ id, event, state, attempts, statusCode, lastError },
        createdAt: times.createdAt.toISOString(),
        nextAttemptAt: times.nextAttemptAt?.toISOString() ?? null,
        finishedAt: times.finishedAt?.toISOString() ?? null,
      })),
    );
  }
}
