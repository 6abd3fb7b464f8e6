import type { AnnouncementChannel as ChannelName } from '@gimbal/db';
import { CONFIG, OutboundClient } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import type { AnnouncementChannel } from './channel.js';
import { GithubChannel } from './github.channel.js';
import { SlackChannel } from './slack.channel.js';

const TIMEOUT_MS = 10_000;

/** The channels that the configuration names. */
@Injectable()
export class AnnouncementChannels implements OnApplicationShutdown {
  /** Without a guard: who sets the configuration may send this service anywhere, to an enterprise server inside as well. */
  private readonly client = new OutboundClient({ timeoutMs: TIMEOUT_MS });
  private readonly channels = new Map<ChannelName, AnnouncementChannel>();

  constructor(@Inject(CONFIG) { announcements }: RegistryConfig) {
    const { slackUrl, githubRepository: repository, githubToken: token, githubApiUrl: apiUrl } = announcements;
    if (slackUrl !== undefined) this.channels.set('slack', new SlackChannel(this.client, slackUrl));
    if (repository !== undefined && token !== undefined)
      this.channels.set('github', new GithubChannel(this.client, { apiUrl, repository, token }));
  }

  get names(): readonly ChannelName[] {
    return [...this.channels.keys()];
  }

  /** Undefined when it is not configured any more. */
  find(name: ChannelName): AnnouncementChannel | undefined {
    return this.channels.get(name);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
