import type { DatabaseReader, Prisma } from '@gimbal/db';
import type { DeliveryVerdict } from './judge-delivery.js';

const WITH_WEBHOOK = { webhook: { select: { id: true, url: true, secret: true, status: true } } } as const;
export type DueDelivery = Prisma.WebhookDeliveryGetPayload<{ include: typeof WITH_WEBHOOK }>;

/** How long ended deliveries can be looked at. */
const KEPT_MS = 7 * 86_400_000;

export async function findDelivery(db: DatabaseReader, id: string): Promise<DueDelivery | null> {
  return await db.webhookDelivery.findUnique({ where: { id }, include: WITH_WEBHOOK });
}

/**
 * Takes a delivery for one try, so that a job that runs twice does not send twice. `until` is when another may take it, should this one die.
 * @returns false when another took it, or its time has not come
 */
export async function claimDelivery(
  db: DatabaseReader,
  { id, now, until }: { readonly id: string; readonly now: Date; readonly until: Date },
): Promise<boolean> {
  const { count } = await db.webhookDelivery.updateMany({
    where: { id, state: 'pending', OR: [{ nextAttemptAt: null }, { nextAttemptAt: { lte: now } }] },
    data: { attempts: { increment: 1 }, nextAttemptAt: until },
  });
  return count > 0;
}

/** What came of a try. */
export interface DeliveryResult {
  readonly id: string;
  readonly verdict: DeliveryVerdict | { readonly state: 'skipped'; readonly error: null };
  /** Null when there was no answer. */
  readonly statusCode: number | null;
  readonly now: Date;
}

export async function saveResult(db: DatabaseReader, { id, verdict, statusCode, now }: DeliveryResult): Promise<void> {
  const isPending = verdict.state === 'pending';
  await db.webhookDelivery.updateMany({
    where: { id },
    data: {
      state: verdict.state,
      statusCode,
      lastError: verdict.error,
      nextAttemptAt: isPending ? new Date(now.getTime() + verdict.delayMs) : null,
      finishedAt: isPending ? null : now,
    },
  });
}

/** Gives up what nobody looks at any more of one webhook. */
export async function deleteOldDeliveries(db: DatabaseReader, webhookId: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_MS);
  await db.webhookDelivery.deleteMany({
    where: { webhookId, createdAt: { lt: before }, state: { not: 'pending' } },
  });
}

/** Deliveries that should have been tried before `due`, the longest waiting first. */
export async function listOverdue(db: DatabaseReader, due: Date, take: number): Promise<readonly { id: string }[]> {
  return await db.webhookDelivery.findMany({
    where: {
      state: 'pending',
      OR: [{ nextAttemptAt: { lt: due } }, { nextAttemptAt: null, createdAt: { lt: due } }],
    },
    orderBy: { createdAt: 'asc' },
    select: { id: true },
    take,
  });
}
