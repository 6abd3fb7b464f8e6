import { type DynamicModule, Inject, Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { HealthRegistry } from '../health/health-registry.js';
import { ARTIFACT_STORE, type ArtifactStore } from './artifact-store.js';
import type { FileArtifactOptions } from './file-artifact.store.js';
import type { S3Options } from './s3-bucket.js';

/** A bucket when one is named, else a folder. */
export interface ArtifactStoreOptions extends FileArtifactOptions, Omit<S3Options, 'url'> {
  readonly url: string | undefined;
}

/** Loads what it opens only: the SDK of S3 is large. */
async function openStore({ url, ...options }: ArtifactStoreOptions): Promise<ArtifactStore> {
  if (url === undefined) return await (await import('./file-artifact.store.js')).FileArtifactStore.open(options);
  return (await import('./s3-artifact.store.js')).S3ArtifactStore.open({ url, ...options });
}

@Injectable()
class ArtifactHealth implements OnApplicationBootstrap {
  constructor(
    private readonly health: HealthRegistry,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  onApplicationBootstrap(): void {
    this.health.register({
      name: 'artifacts',
      whenDown: 'degraded',
      check: async () => {
        const { freeBytes } = await this.store.probe();
        return freeBytes === null ? {} : { free_bytes: freeBytes };
      },
    });
  }
}

/** Makes `@Inject(ARTIFACT_STORE) store: ArtifactStore` possible everywhere. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ArtifactsModule {
  static forRoot(options: ArtifactStoreOptions): DynamicModule {
    return {
      module: ArtifactsModule,
      global: true,
      providers: [{ provide: ARTIFACT_STORE, useFactory: () => openStore(options) }, ArtifactHealth],
      exports: [ARTIFACT_STORE],
    };
  }
}
