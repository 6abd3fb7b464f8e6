import { ServedModels, ServingStatistics } from '@gimbal/contracts';
import { ServiceClient } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ACTING_AS_AGENT as actor } from './acting-as-agent.js';

/** What the agent asks of serving: only questions. */
@Injectable()
export class ServingClient {
  constructor(private readonly serving: ServiceClient) {}

  /** Which versions are loaded, and which one answers. */
  async models(): Promise<ServedModels> {
    return await this.serving.call({ method: 'GET', path: '/internal/models', actor }, ServedModels);
  }

  /** Counts, error rates and latencies of the last hour. */
  async statistics(): Promise<z.output<typeof ServingStatistics>> {
    return await this.serving.call({ method: 'GET', path: '/monitoring/statistics', actor }, ServingStatistics);
  }
}
