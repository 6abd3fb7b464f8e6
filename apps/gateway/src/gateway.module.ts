import { DatabaseModule, JobsModule, type ServiceConfig } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AuditConsumer } from './audit/audit.consumer.js';
import { AuditModule } from './audit/audit.module.js';
import type { gatewayConfig } from './config.js';
import { ControlPlaneModule } from './control-plane/control-plane.module.js';
import { DataPlaneModule } from './data-plane/index.js';
import { Database } from './database/database.js';
import { DocsRoutes } from './docs/docs.routes.js';
import { DoorModule } from './door/door.module.js';
import { GrpcModule } from './grpc/grpc.module.js';
import { GatewayHealth, HEALTH_OPTIONS } from './health/gateway-health.service.js';
import { MlflowModule } from './mlflow/mlflow.module.js';

export type GatewayConfig = ServiceConfig<typeof gatewayConfig>;

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class GatewayModule {
  static of(config: GatewayConfig): DynamicModule {
    const {
      access,
      queue,
      owners,
      forwarding,
      http,
      grpc,
      mlflow,
      streams,
      events,
      rateLimit,
      serviceAuth,
      dataPlane,
    } = config;
    const { registry, training, monitoring, agent, serving } = owners;
    const urls = { registry: [registry], training: [training], monitoring: [monitoring], agent: [agent], serving };
    const controlPlaneModule = ControlPlaneModule.of({
      bodyLimitBytes: http.bodyLimitBytes,
      uploadLimitBytes: http.uploadLimitBytes,
      owners: { urls, serviceKey: serviceAuth.serviceKey, ...forwarding },
      events,
    });
    const dataPlaneModule = DataPlaneModule.of({ config: dataPlane, serviceKey: serviceAuth.serviceKey });
    const windowMs = rateLimit.windowSeconds * 1_000;
    return {
      module: GatewayModule,
      imports: [
        // Without PostgreSQL predictions go on for known keys: the door stays open, with less behind it.
        DatabaseModule.forRoot(Database, 'degraded'),
        AccessModule.forRoot({
          bootstrapKeys: access.bootstrapKeys,
          refreshMs: access.keyRefreshMs,
          stalenessMaxMs: access.keyStalenessMaxMs,
        }),
        DoorModule.forRoot({
          limits: {
            asking: { requests: rateLimit.requests, windowMs },
            tracking: { requests: rateLimit.trackingRequests, windowMs },
            signed: { requests: rateLimit.trackingRequests, windowMs },
          },
          failures: { requests: rateLimit.failures, windowMs },
          trustedProxies: http.trustedProxies,
          queue,
        }),
        controlPlaneModule,
        MlflowModule.of({ ...mlflow, host: http.host, bodyLimitBytes: http.bodyLimitBytes, idleMs: streams.idleMs }, [
          controlPlaneModule,
        ]),
        dataPlaneModule,
        GrpcModule.of({ config: grpc, host: http.host, bodyLimitBytes: dataPlane.bodyLimitBytes }, [dataPlaneModule]),
        JobsModule.forRoot(queue),
        JobsModule.consume({
          service: 'gateway',
          imports: [AuditModule],
          inject: [AuditConsumer],
          handlers: (audit: AuditConsumer) => audit.handlers,
        }),
      ],
      providers: [{ provide: HEALTH_OPTIONS, useValue: { urls } }, GatewayHealth, DocsRoutes],
    };
  }
}
