import { type DynamicModule, Module } from '@nestjs/common';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IDEMPOTENCY_OPTIONS, type IdempotencyOptions, IdempotencyService } from './idempotency.service.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class IdempotencyModule {
  static of(options: IdempotencyOptions): DynamicModule {
    return {
      module: IdempotencyModule,
      providers: [{ provide: IDEMPOTENCY_OPTIONS, useValue: options }, IdempotencyRepository, IdempotencyService],
      exports: [IdempotencyService],
    };
  }
}
