import { randomUUID } from 'node:crypto';
import type { Actor } from '@gimbal/contracts';
import type { DatabaseTransaction, Webhook, WebhookStatus } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail, type OutboundOutcome, type PageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { EVENT_EXAMPLES, encodeEvent, isRegistryEvent, type RegistryEvent } from './registry-event.js';
import { findWebhook, listWebhooks, type WantedPage } from './webhook.repository.js';
import { WebhookPoster } from './webhook-poster.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** A webhook as somebody wants it. */
export interface WantedWebhook {
  readonly name: string;
  readonly url: string;
  readonly events: readonly RegistryEvent[];
  readonly description: string;
  /** Empty: deliveries are not signed. */
  readonly secret: string;
  readonly status: WebhookStatus;
}

/** Every change writes a row for each webhook that asked for it, so there is an end to their number. */
const WEBHOOKS_MAX = 100;
const SECRET_LENGTH_MAX = 1_000;
const DESCRIPTION_LENGTH_MAX = 5_000;
const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/i;

/** Who outside is told of changes. A webhook sends what happens here elsewhere, so only admins set them; every change is audited. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly database: Database,
    private readonly secrets: WebhookSecrets,
    private readonly poster: WebhookPoster,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** @throws DomainError `validation-failed`, `destination-refused` */
  async create(wanted: WantedWebhook, actor: Actor): Promise<Webhook> {
    await this.check(wanted);
    const { secret, events, ...plain } = wanted;
    const id = randomUUID();
    return await this.database.changeInTurn('webhooks', async (tx) => {
      if ((await tx.webhook.count()) >= WEBHOOKS_MAX)
        throw new DomainError('validation-failed', `There are ${WEBHOOKS_MAX} webhooks already; more are not kept.`);
      const row = await tx.webhook.create({
        data: { id, ...plain, events: [...events], secret: this.sealed(id, secret), createdBy: actor.name },
      });
      await this.record(tx, 'webhook.created', row, actor);
      return row;
    });
  }

  /** Changes what is named. @throws DomainError `webhook-not-found`, `validation-failed`, `destination-refused` */
  async update(id: string, changes: Partial<WantedWebhook>, actor: Actor): Promise<Webhook> {
    await findWebhook(this.database.reader, id);
    await this.check(changes);
    const { secret, events, ...plain } = changes;
    return await this.database.changeInTurn('webhooks', async (tx) => {
      await findWebhook(tx, id);
      const row = await tx.webhook.update({
        where: { id },
        data: {
          ...plain,
          ...(events && { events: [...events] }),
          ...(secret !== undefined && { secret: this.sealed(id, secret) }),
        },
      });
      await this.record(tx, 'webhook.changed', row, actor);
      return row;
    });
  }

  /** Removes a webhook with its deliveries; those on their way are not tried again. @throws DomainError `webhook-not-found` */
  async delete(id: string, actor: Actor): Promise<void> {
    await this.database.changeInTurn('webhooks', async (tx) => {
      const row = await findWebhook(tx, id);
      await tx.webhook.delete({ where: { id } });
      await this.record(tx, 'webhook.deleted', row, actor);
    });
  }

  /** @throws DomainError `webhook-not-found` */
  async get(id: string): Promise<Webhook> {
    return await findWebhook(this.database.reader, id);
  }

  /** @throws DomainError `invalid-cursor` */
  async list(page: WantedPage): Promise<PageOf<Webhook>> {
    return await listWebhooks(this.database.reader, page);
  }

  /** Posts an example once, and waits for the answer. @throws DomainError `webhook-not-found` */
  async test(id: string, event?: RegistryEvent): Promise<OutboundOutcome> {
    const webhook = await this.get(id);
    const tested = event ?? webhook.events.find(isRegistryEvent) ?? 'registered_model.created';
    const body = encodeEvent(tested, EVENT_EXAMPLES[tested], new Date());
    return await this.poster.post({ id: randomUUID(), body, webhook });
  }

  private async check({ name, url, events, secret = '', description = '' }: Partial<WantedWebhook>): Promise<void> {
    if (name !== undefined && !NAME.test(name)) {
      throw invalid(
        `Webhook name '${name.slice(0, 100)}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`,
      );
    }
    if (events?.length === 0) throw invalid('Webhook events must be a non-empty list of WebhookEvent objects: [].');
    if (secret.length > SECRET_LENGTH_MAX) throw invalid(`A secret has at most ${SECRET_LENGTH_MAX} characters.`);
    if (description.length > DESCRIPTION_LENGTH_MAX)
      throw invalid(`A description has at most ${DESCRIPTION_LENGTH_MAX} characters.`);
    if (url !== undefined) await this.poster.guard.check(url);
  }

  private sealed(id: string, secret: string): Uint8Array<ArrayBuffer> | null {
    return secret === '' ? null : this.secrets.seal(id, secret);
  }

  /** The address may hold a token of the receiver, so only its host is told. */
  private async record(tx: DatabaseTransaction, action: AuditedAction, row: Webhook, actor: Actor): Promise<void> {
    const { id, name, url, events, status } = row;
    await this.audit.record(tx, {
      action,
      key: randomUUID(),
      subject: `webhook:${id}`,
      actor: actor.name,
      at: new Date(),
      payload: { name, host: new URL(url).host, events, status },
    });
  }
}

const invalid = (detail: string): DomainError => new DomainError('validation-failed', detail);
