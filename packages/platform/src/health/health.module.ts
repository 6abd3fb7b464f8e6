import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HEALTH_IDENTITY, HealthController, type HealthIdentity } from './health.controller.js';
import { HealthRegistry } from './health-registry.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class HealthModule {
  static of(identity: HealthIdentity): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [HealthRegistry, { provide: HEALTH_IDENTITY, useValue: identity }],
      exports: [HealthRegistry],
    };
  }
}
