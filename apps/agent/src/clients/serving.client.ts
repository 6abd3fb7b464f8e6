import { mergeServedModels, mergeServingStatistics, ServedModels, ServingStatistics } from '@gimbal/contracts';
import type { ServiceClient } from '@gimbal/platform';
import type { z } from 'zod';
import { ACTING_AS_AGENT as actor } from './acting-as-agent.js';

/** What the agent asks of serving: only questions, and always of every replica. */
export class ServingClient {
  constructor(private readonly replicas: readonly ServiceClient[]) {}

  /** Which versions are loaded, and which one answers, everywhere. */
  async models(): Promise<ServedModels> {
    return mergeServedModels(await this.askAll('/internal/models', ServedModels));
  }

  /** Counts, error rates and latencies of the last hour. */
  async statistics(): Promise<z.output<typeof ServingStatistics>> {
    return mergeServingStatistics(await this.askAll('/monitoring/statistics', ServingStatistics));
  }

  private askAll<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>[]> {
    return Promise.all(this.replicas.map((replica) => replica.call({ method: 'GET', path, actor }, schema)));
  }
}
