import type { AnnouncementChannel as ChannelName, DatabaseReader, Promotion } from '@gimbal/db';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import { findVersion } from '../models/version.repository.js';
import { metricsOf } from '../models/version-metrics.js';
import { AnnouncementChannels } from './announcement-channels.js';
import { compareMetrics, type Deployment } from './deployment.js';

/** Tells channels of deployments. The row says whether one was told: a job that comes twice is told once, but for one killed in between. */
@Injectable()
export class AnnouncementService {
  private readonly publicUrl: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly channels: AnnouncementChannels,
    @Inject(CONFIG) { announcements }: RegistryConfig,
  ) {
    this.publicUrl = announcements.publicUrl?.replace(/\/$/, '');
  }

  /** @throws Error when trying again may help, JobRejectedError when not */
  async announce(decisionId: string, name: ChannelName): Promise<void> {
    const db = this.database.reader;
    const where = { decisionId_channel: { decisionId, channel: name } };
    const row = await db.deploymentAnnouncement.findUnique({ where, include: { promotion: true } });
    const channel = this.channels.find(name);
    if (!row || row.sentAt || !channel) return;
    const attempts = { increment: 1 };
    try {
      const url = await channel.announce(await this.describe(db, row.promotion));
      await db.deploymentAnnouncement.update({ where, data: { attempts, url, sentAt: new Date(), lastError: null } });
    } catch (error) {
      const lastError = error instanceof Error ? error.message : 'It failed without an error.';
      await db.deploymentAnnouncement.update({ where, data: { attempts, lastError } });
      throw error;
    }
  }

  private async describe(db: DatabaseReader, promotion: Promotion): Promise<Deployment> {
    const { modelName: model, fromVersion: from, toVersion: to, kind, forced, decidedBy, reason } = promotion;
    const row = await findVersion(db, model, to);
    const before = from === null ? {} : metricsOf(await findVersion(db, model, from));
    return {
      ...{ model, from, to, kind, forced, decidedBy, reason },
      algorithm: row.algorithm,
      metrics: compareMetrics(before, metricsOf(row)),
      links: this.linksOf(model, from, to),
    };
  }

  private linksOf(model: string, from: number | null, to: number): Deployment['links'] {
    if (this.publicUrl === undefined) return [];
    const base = `${this.publicUrl}/api/v1/models/${encodeURIComponent(model)}`;
    const version = { text: `Version ${to}`, url: `${base}/versions/${to}` };
    return from === null ? [version] : [version, { text: 'Comparison', url: `${base}/compare?versions=${from},${to}` }];
  }
}
