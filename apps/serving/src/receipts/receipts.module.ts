import { type DynamicModule, Module } from '@nestjs/common';
import { ServedModels } from '../traffic/served-models.js';
import { VersionLoader } from '../traffic/version-loader.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReplayService } from './replay.service.js';
import { ScoreService } from './score.service.js';
import { VersionRunner } from './version-runner.js';

/** What proves an answer afterwards: the keys of receipts, and computing it again; and what other versions would have said. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ReceiptsModule {
  static of(imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    return {
      module: ReceiptsModule,
      imports,
      controllers: [ReceiptsController],
      providers: [
        {
          provide: VersionRunner,
          inject: [ServedModels, VersionLoader],
          useFactory: (models: ServedModels, loader: VersionLoader) => new VersionRunner(models, loader),
        },
        {
          provide: ReplayService,
          inject: [VersionRunner],
          useFactory: (versions: VersionRunner) => new ReplayService(versions),
        },
        {
          provide: ScoreService,
          inject: [VersionRunner],
          useFactory: (versions: VersionRunner) => new ScoreService(versions),
        },
      ],
    };
  }
}
