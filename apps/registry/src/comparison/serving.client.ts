import { encodeWire, ScoredRows, ScoreRows } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CONFIG, ServiceClient, type ServiceConfig } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { z } from 'zod';
import type { registryConfig } from '../config.js';

/** A model that is out of traffic has to be fetched and examined first; the gateway waits 30 s for both versions. */
const SCORE_TIMEOUT_MS = 25_000;

/** Serving, as far as it says what a version makes of rows. */
@Injectable()
export class ServingClient implements OnApplicationShutdown {
  private readonly client: ServiceClient | undefined;

  constructor(
    @Inject(CONFIG) { comparison, serviceAuth: { serviceKey }, breaker }: ServiceConfig<typeof registryConfig>,
  ) {
    const { servingUrl: baseUrl } = comparison;
    this.client =
      baseUrl === undefined
        ? undefined
        : new ServiceClient({ service: 'serving', baseUrl, serviceKey, breaker, connections: 2 });
  }

  /** @throws DomainError `artifact-not-found` · `replay-unavailable` · `no-model-available` · `service-unavailable` · `timeout` */
  async scoreRows(asked: z.output<typeof ScoreRows>): Promise<z.output<typeof ScoredRows>['rows']> {
    if (!this.client)
      throw new DomainError('service-unavailable', 'The registry was not told where serving is (SERVING_URL).');
    const body = { json: encodeWire(ScoreRows, asked) };
    const call = {
      method: 'POST',
      path: '/internal/score',
      body,
      timeoutMs: SCORE_TIMEOUT_MS,
      repeat: 'safe',
    } as const;
    return (await this.client.call(call, ScoredRows)).rows;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.close();
  }
}
