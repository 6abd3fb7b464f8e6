import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { KEY_RING_OPTIONS, KeyRing, type KeyRingOptions } from './key-ring.service.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class AccessModule {
  /** Makes {@link KeyRing} injectable everywhere. */
  static forRoot(options: KeyRingOptions): DynamicModule {
    return {
      module: AccessModule,
      global: true,
      imports: [AuditModule],
      providers: [
        { provide: KEY_RING_OPTIONS, useValue: options },
        ApiKeyRepository,
        KeyRing,
        ApiKeysService,
        ApiKeysController,
      ],
      exports: [KeyRing, ApiKeysController],
    };
  }
}
