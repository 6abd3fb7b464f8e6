import type { OutboundClient } from '@gimbal/platform';
import { type AnnouncementChannel, failureOf } from './channel.js';
import type { Deployment } from './deployment.js';
import { buildSlackMessage } from './slack-message.js';

/** An incoming webhook of Slack (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). Its URL is its secret. */
export class SlackChannel implements AnnouncementChannel {
  constructor(
    private readonly client: OutboundClient,
    private readonly url: string,
  ) {}

  async announce(deployment: Deployment): Promise<null> {
    const body = JSON.stringify(buildSlackMessage(deployment));
    const headers = { 'content-type': 'application/json' };
    const outcome = await this.client.send({ method: 'POST', url: this.url, headers, body });
    if (outcome.kind === 'answered' && outcome.status === 200) return null;
    throw failureOf('Slack', outcome);
  }
}
