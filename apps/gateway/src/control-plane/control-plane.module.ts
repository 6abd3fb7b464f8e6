import { type DynamicModule, Module } from '@nestjs/common';
import { ApiKeysController } from '../access/api-keys.controller.js';
import { AuditController } from '../audit/audit.controller.js';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { ControlPlaneRoutes } from './control-plane.routes.js';
import { ControlPlane } from './control-plane.service.js';
import { Forwarding } from './forwarding.service.js';
import { OWN_HANDLERS, type OwnHandlers } from './own-routes.js';
import { OWNER_OPTIONS, OwnerClient, type OwnerOptions } from './owner.client.js';
import { CONTROL_PLANE_OPTIONS, type ControlPlaneOptions } from './routed-call.js';

export interface ControlPlaneModuleOptions extends ControlPlaneOptions {
  readonly owners: OwnerOptions;
  readonly events: { readonly clientsMax: number };
}

/** A request under an Idempotency-Key ends, one way or the other, well before its lock does. */
const LOCK_PER_TIMEOUT = 3;

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ControlPlaneModule {
  static of({ owners, events, ...options }: ControlPlaneModuleOptions): DynamicModule {
    const join = (keys: ApiKeysController, audit: AuditController): OwnHandlers => ({
      ...keys.handlers,
      ...audit.handlers,
    });
    return {
      module: ControlPlaneModule,
      imports: [
        AuditModule,
        EventsModule.of(events),
        IdempotencyModule.of({ lockMs: LOCK_PER_TIMEOUT * owners.timeoutMs }),
      ],
      providers: [
        { provide: OWNER_OPTIONS, useValue: owners },
        { provide: CONTROL_PLANE_OPTIONS, useValue: options },
        { provide: OWN_HANDLERS, inject: [ApiKeysController, AuditController], useFactory: join },
        OwnerClient,
        Forwarding,
        ControlPlane,
        ControlPlaneRoutes,
      ],
      exports: [ControlPlaneRoutes, OwnerClient],
    };
  }
}
