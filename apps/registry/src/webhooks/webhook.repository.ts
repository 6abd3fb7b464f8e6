import type { DatabaseReader, Webhook, WebhookDelivery } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { NEWEST_FIRST, olderThan, type PageOf, pageOf } from '@gimbal/platform';

/** Which part of a list. */
export interface WantedPage {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** @throws DomainError `webhook-not-found` */
export async function findWebhook(db: DatabaseReader, id: string): Promise<Webhook> {
  const row = isUuid(id) ? await db.webhook.findUnique({ where: { id } }) : null;
  if (row) return row;
  throw new DomainError('webhook-not-found', `Webhook with ID ${id} not found.`);
}

export async function listWebhooks(db: DatabaseReader, { limit, cursor }: WantedPage): Promise<PageOf<Webhook>> {
  const rows = await db.webhook.findMany({ where: olderThan(cursor), orderBy: NEWEST_FIRST, take: limit + 1 });
  return pageOf(rows, limit, (row) => row);
}

export async function listDeliveries(
  db: DatabaseReader,
  webhookId: string,
  { limit, cursor }: WantedPage,
): Promise<readonly WebhookDelivery[]> {
  return await db.webhookDelivery.findMany({
    where: { webhookId, ...olderThan(cursor) },
    orderBy: NEWEST_FIRST,
    take: limit + 1,
  });
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
