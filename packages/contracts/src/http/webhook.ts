import { z } from 'zod';
import { wire } from '../wire.js';
import { Id, page, Timestamp } from './fields.js';

/** One change told to one webhook. `pending` is tried again at `nextAttemptAt`; `skipped` met a disabled webhook. */
const WebhookDelivery = wire({
  id: Id,
  event: z.string(),
  state: z.enum(['pending', 'delivered', 'refused', 'expired', 'skipped']),
  attempts: z.int(),
  /** Of the last answer. */
  statusCode: z.int().nullable(),
  lastError: z.string().nullable(),
  createdAt: Timestamp,
  nextAttemptAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
});
export const WebhookDeliveryPage = page(WebhookDelivery);
