import { join } from 'node:path';
import { LOGGER, type Logger } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { ServingConfig } from '../config.js';
import { ThreadPool } from '../inference/host-places.js';
import { ManifestCheck } from './manifest-check.js';
import { ModelKeeper } from './model-keeper.js';
import { ModelMemory } from './model-memory.js';
import { PlanStore } from './plan-store.js';
import { RegistryClient } from './registry.client.js';
import { ServedModels } from './served-models.js';
import { TrafficFollower } from './traffic-follower.js';
import { VersionLoader, type VersionLoaderOptions } from './version-loader.js';
import { warmUp } from './warm-up.js';

/** A graph that takes longer to load (ms) is held by a thread. */
const INLINE_LOAD_MS_MAX = 50;
const MEBIBYTE = 1_048_576;

type LoaderSettings = Omit<VersionLoaderOptions, 'memory' | 'registry' | 'manifests' | 'logger'>;

function loaderSettings(
  { traffic, predict, memory, breaker, breakerWindow }: ServingConfig,
  pool: ThreadPool,
): LoaderSettings {
  const { batchRowsMax, inlineMsMax, loadTimeoutMs, runTimeoutMs, loadMemoryMb: memoryMb } = predict;
  const { waitingRowsMax, waitingRowsTotal, queueTimeoutMs } = predict;
  const { directory, artifactBytesMax, artifactsKept, artifactsBytesMax, retryMs } = traffic;
  return {
    directory,
    artifactBytesMax,
    fileLimits: { unplannedMax: artifactsKept, bytesMax: artifactsBytesMax },
    scorer: {
      ...{ pool, batchRowsMax, inlineMsMax, loadTimeoutMs, runTimeoutMs, memoryMb },
      inlineLoadMsMax: INLINE_LOAD_MS_MAX,
      runMsMax: predict.latencyObjectiveMs / 2,
    },
    ...{ waitingRowsMax, waitingRowsTotal, queueTimeoutMs },
    loadWaitMs: memory.loadWaitMs,
    retryMs,
    breaker: { ...breaker, ...breakerWindow },
  };
}

/** Learns what is live, and holds it ready. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class TrafficModule {
  static of(config: ServingConfig): DynamicModule {
    const { traffic, predict, memory: limits, serviceAuth } = config;
    const { directory, artifactBytesMax, waitSeconds, retryMs } = traffic;
    return {
      module: TrafficModule,
      providers: [
        ServedModels,
        ManifestCheck,
        { provide: ThreadPool, useFactory: () => new ThreadPool(predict.threads) },
        { provide: ModelMemory, useFactory: () => new ModelMemory(limits.budgetMb * MEBIBYTE) },
        {
          provide: RegistryClient,
          useFactory: () =>
            new RegistryClient({ url: traffic.registryUrl, serviceKey: serviceAuth.serviceKey, artifactBytesMax }),
        },
        {
          provide: VersionLoader,
          inject: [ModelMemory, RegistryClient, ManifestCheck, ThreadPool, LOGGER],
          useFactory: (
            memory: ModelMemory,
            registry: RegistryClient,
            manifests: ManifestCheck,
            pool: ThreadPool,
            logger: Logger,
          ) => new VersionLoader({ ...loaderSettings(config, pool), memory, registry, manifests, logger }),
        },
        {
          provide: TrafficFollower,
          inject: [ServedModels, RegistryClient, VersionLoader, ModelMemory, ManifestCheck, LOGGER],
          useFactory: (
            models: ServedModels,
            registry: RegistryClient,
            loader: VersionLoader,
            memory: ModelMemory,
            manifests: ManifestCheck,
            logger: Logger,
          ) => {
            const keeper = new ModelKeeper({ models, loader, retryMs, logger });
            const { defaultModel } = predict;
            const { preloadMax: modelsMax } = limits;
            const timesOfUse = () => loader.timesOfUse();
            return new TrafficFollower({
              models,
              keeper,
              loader,
              store: new PlanStore(join(directory, 'plan')),
              registry,
              manifests,
              warmUp: () => warmUp({ models, keeper, memory, timesOfUse, defaultModel, modelsMax }),
              waitSeconds,
              retryMs,
              logger,
            });
          },
        },
      ],
      exports: [ServedModels, ThreadPool, RegistryClient, VersionLoader, TrafficFollower, ModelMemory],
    };
  }
}
