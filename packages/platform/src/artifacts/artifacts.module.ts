import { type DynamicModule, Inject, Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { HealthRegistry } from '../health/health-registry.js';
import { ARTIFACT_STORE, type ArtifactStore } from './artifact-store.js';
import { type FileArtifactOptions, FileArtifactStore } from './file-artifact.store.js';

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
        return { free_bytes: freeBytes };
      },
    });
  }
}

/** Makes `@Inject(ARTIFACT_STORE) store: ArtifactStore` possible everywhere. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ArtifactsModule {
  static forRoot(options: FileArtifactOptions): DynamicModule {
    return {
      module: ArtifactsModule,
      global: true,
      providers: [{ provide: ARTIFACT_STORE, useFactory: () => FileArtifactStore.open(options) }, ArtifactHealth],
      exports: [ARTIFACT_STORE],
    };
  }
}
