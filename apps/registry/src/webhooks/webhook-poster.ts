import { CONFIG, OutboundClient, OutboundGuard, type OutboundOutcome } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { signDelivery } from './sign-delivery.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** One try of a delivery. */
export interface PostedDelivery {
  readonly id: string;
  readonly body: string;
  readonly webhook: { readonly id: string; readonly url: string; readonly secret: Uint8Array | null };
}

/** Signs deliveries and posts them to where the guard lets them go. */
@Injectable()
export class WebhookPoster implements OnApplicationShutdown {
  readonly guard: OutboundGuard;
  private readonly client: OutboundClient;

  constructor(
    private readonly secrets: WebhookSecrets,
    @Inject(CONFIG) { webhooks: { allowedHosts, httpAllowed, timeoutMs } }: RegistryConfig,
  ) {
    this.guard = new OutboundGuard({
      protocols: new Set(httpAllowed ? ['https:', 'http:'] : ['https:']),
      allowedHosts,
    });
    this.client = new OutboundClient({ guard: this.guard, timeoutMs });
  }

  /** Never throws: what goes wrong is the outcome. */
  async post({ id, body, webhook }: PostedDelivery): Promise<OutboundOutcome> {
    let secret: string | null;
    try {
      secret = webhook.secret && this.secrets.open(webhook.id, webhook.secret);
    } catch {
      // Unsigned it must not leave; with the right key in the configuration again it will.
      return { kind: 'unanswered', reason: 'Its secret cannot be read with the present WEBHOOK_SECRET_KEY.' };
    }
    const headers = signDelivery({ id, body, secret, at: new Date() });
    return await this.client.send({ method: 'POST', url: webhook.url, headers, body });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
