import type { DatabaseTransaction } from '@gimbal/db';
import { OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { AnnouncementChannels } from './announcement-channels.js';

/** Sees to it that the channels are told of a deployment, in the transaction that makes it. Whether they can be reached is no matter here. */
@Injectable()
export class DeploymentNews {
  constructor(
    private readonly channels: AnnouncementChannels,
    private readonly outbox: OutboxWriter,
  ) {}

  async tell(tx: DatabaseTransaction, decisionId: string): Promise<void> {
    for (const channel of this.channels.names) {
      await tx.deploymentAnnouncement.create({ data: { decisionId, channel } });
      await this.outbox.enqueue(tx, 'deployment-announcement.due', { v: 1, decisionId, channel });
    }
  }
}
