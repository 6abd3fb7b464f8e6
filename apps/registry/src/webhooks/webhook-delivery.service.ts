import { CONFIG, InjectMetric, isPassing, JobQueue } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import { type DeliveryVerdict, judgeDelivery } from './judge-delivery.js';
import { ReceiverPace, type TurnOutcome } from './receiver-pace.js';
import {
  claimDelivery,
  type DueDelivery,
  deleteOldDeliveries,
  findDelivery,
  saveResult,
} from './webhook-delivery.repository.js';
import { WebhookPoster } from './webhook-poster.js';

/** What the posting of one try may take besides the call itself. */
const CLAIM_MARGIN_MS = 20_000;

interface TriesCounter {
  inc(labels: { readonly state: DeliveryVerdict['state'] }): void;
}

/** Sends deliveries: each until it is taken, refused or too old; a receiver that is away holds up nobody else. */
@Injectable()
export class WebhookDeliveryService {
  private readonly pace = new ReceiverPace();
  private readonly settings: RegistryConfig['webhooks'];

  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly poster: WebhookPoster,
    @Inject(CONFIG) { webhooks }: RegistryConfig,
    @InjectMetric('gimbal_webhook_tries_total') private readonly tries: TriesCounter,
  ) {
    this.settings = webhooks;
  }

  /** Tries a delivery once, or sees to it that it is tried later. Safe to call at any time and again. */
  async deliver(id: string): Promise<void> {
    const db = this.database.reader;
    const delivery = await findDelivery(db, id);
    if (delivery?.state !== 'pending') return;
    const now = new Date();
    if (delivery.webhook.status === 'disabled') {
      await saveResult(db, { id, verdict: { state: 'skipped', error: null }, statusCode: null, now });
      return;
    }
    const waitMs = this.pace.take(delivery.webhookId, now.getTime());
    if (waitMs > 0) {
      await this.lookAgain(id, waitMs);
      return;
    }
    const until = new Date(now.getTime() + this.settings.timeoutMs + CLAIM_MARGIN_MS);
    let came: TurnOutcome = 'unused';
    try {
      if (await claimDelivery(db, { id, now, until })) came = await this.try(delivery);
      // Another job has taken it, or its time has not come: whoever comes then sees to it.
      else await this.lookAgain(id, Math.max(1_000, (delivery.nextAttemptAt ?? until).getTime() - now.getTime()));
    } finally {
      this.pace.leave(delivery.webhookId, came, Date.now());
    }
  }

  private async try(delivery: DueDelivery): Promise<TurnOutcome> {
    const { id, webhookId } = delivery;
    const outcome = await this.poster.post(delivery);
    const now = new Date();
    const verdict = judgeDelivery(outcome, {
      attempts: delivery.attempts + 1,
      ageMs: now.getTime() - delivery.createdAt.getTime(),
      maxAgeMs: this.settings.maxAgeSeconds * 1_000,
      random: Math.random(),
    });
    const statusCode = outcome.kind === 'answered' ? outcome.status : null;
    this.tries.inc({ state: verdict.state });
    await saveResult(this.database.reader, { id, verdict, statusCode, now });
    if (verdict.state === 'pending') await this.lookAgain(id, verdict.delayMs);
    else await deleteOldDeliveries(this.database.reader, webhookId, now);
    return isPassing(outcome) ? 'failed' : 'taken';
  }

  /** Throws when the queue is away: then the present job is given back and comes again by itself. */
  private async lookAgain(id: string, delayMs: number): Promise<void> {
    const due = Math.ceil(Date.now() + delayMs);
    await this.queue.publish(
      'webhook-delivery.due',
      { v: 1, deliveryId: id },
      { jobId: `wh-${id}-${due}`, delayMs: Math.ceil(delayMs) },
    );
  }
}
