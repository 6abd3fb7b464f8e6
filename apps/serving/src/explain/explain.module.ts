import { InjectMetric } from '@gimbal/platform';
import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { ServingConfig } from '../config.js';
import { ServedModels } from '../traffic/served-models.js';
import { ExplainController } from './explain.controller.js';
import { ExplainService } from './explain.service.js';
import { ExplainThread } from './explain-thread.js';

@Injectable()
class ExplanationMetrics {
  @InjectMetric('gimbal_explanations_total') readonly explanations!: Counter<'model' | 'outcome'>;
}

@Injectable()
class ThreadLifecycle implements OnApplicationShutdown {
  constructor(@Inject(ExplainThread) private readonly thread: ExplainThread) {}

  onApplicationShutdown(): Promise<void> {
    return this.thread.close();
  }
}

/** Explains predictions. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ExplainModule {
  static of({ explain }: ServingConfig, imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    return {
      module: ExplainModule,
      imports,
      controllers: [ExplainController],
      providers: [
        ExplanationMetrics,
        ThreadLifecycle,
        { provide: ExplainThread, useFactory: () => new ExplainThread(explain) },
        {
          provide: ExplainService,
          inject: [ServedModels, ExplainThread, ExplanationMetrics],
          useFactory: (models: ServedModels, thread: ExplainThread, { explanations }: ExplanationMetrics) =>
            new ExplainService(models, thread, (model, outcome, rows) => explanations.inc({ model, outcome }, rows)),
        },
      ],
      exports: [ExplainService],
    };
  }
}
