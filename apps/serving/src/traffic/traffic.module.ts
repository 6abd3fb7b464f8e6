import { join } from 'node:path';
import { LOGGER, type Logger } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { ServingConfig } from '../config.js';
import { ThreadPool } from '../inference/scorer.js';
import { PlanStore } from './plan-store.js';
import { RegistryClient } from './registry.client.js';
import { ServedModels } from './served-models.js';
import { TrafficFollower } from './traffic-follower.js';
import { VersionLoader } from './version-loader.js';

/** A graph that takes longer to load (ms) is held by a thread. */
const INLINE_LOAD_MS_MAX = 50;

/** Learns what is live, and holds it ready. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class TrafficModule {
  static of({ traffic, predict, breaker, breakerWindow, serviceAuth }: ServingConfig): DynamicModule {
    const { directory, artifactBytesMax, artifactsKept, waitSeconds, retryMs } = traffic;
    return {
      module: TrafficModule,
      providers: [
        ServedModels,
        { provide: ThreadPool, useFactory: () => new ThreadPool(predict.threads) },
        {
          provide: RegistryClient,
          useFactory: () =>
            new RegistryClient({ url: traffic.registryUrl, serviceKey: serviceAuth.serviceKey, artifactBytesMax }),
        },
        {
          provide: TrafficFollower,
          inject: [ServedModels, RegistryClient, ThreadPool, LOGGER],
          useFactory: (models: ServedModels, registry: RegistryClient, pool: ThreadPool, logger: Logger) => {
            const { batchRowsMax, inlineMsMax, loadTimeoutMs, runTimeoutMs, waitingRowsMax } = predict;
            const scorer = {
              pool,
              batchRowsMax,
              inlineMsMax,
              inlineLoadMsMax: INLINE_LOAD_MS_MAX,
              loadTimeoutMs,
              runTimeoutMs,
            };
            const loader = new VersionLoader({
              directory,
              artifactBytesMax,
              artifactsKept,
              scorer,
              waitingRowsMax,
              breaker: { ...breaker, ...breakerWindow },
              registry,
              logger,
            });
            return new TrafficFollower({
              models,
              loader,
              store: new PlanStore(join(directory, 'plan')),
              registry,
              waitSeconds,
              retryMs,
              logger,
            });
          },
        },
      ],
      exports: [ServedModels, ThreadPool, RegistryClient, TrafficFollower],
    };
  }
}
