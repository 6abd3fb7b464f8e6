import { HEALTH_METHODS, HEALTH_SERVICE, INFERENCE_METHODS, INFERENCE_SERVICE } from '@gimbal/contracts';
import {
  type ConfigOf,
  GrpcServer,
  healthMethods,
  hearStrangers,
  LOGGER,
  type Logger,
  predictMethods,
  reflectionMethods,
  traceCalls,
} from '@gimbal/platform';
import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataPlane } from '../data-plane/index.js';
import { Door } from '../door/door.service.js';
import type { grpcConfig } from './grpc.config.js';

export interface GrpcModuleOptions {
  readonly config: ConfigOf<{ grpc: typeof grpcConfig }>['grpc'];
  readonly host: string;
  /** Largest message. */
  readonly bodyLimitBytes: number;
}

const GRPC_OPTIONS = Symbol('gateway:grpc-options');
/** Time a message has to arrive, and an answer to be read. */
const MESSAGE_MS = 30_000;
const DRAIN_MS = 5_000;
const SERVICES = [
  { name: INFERENCE_SERVICE, methods: INFERENCE_METHODS },
  { name: HEALTH_SERVICE, methods: HEALTH_METHODS },
];

/** The door for gRPC: the same keys, roles and limits as over HTTP, the same way to serving. */
@Injectable()
export class GrpcDoor implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly server: GrpcServer;
  /** What was taken, once it is listening. */
  port = 0;

  constructor(
    @Inject(GRPC_OPTIONS) { config, host, bodyLimitBytes }: GrpcModuleOptions,
    @Inject(LOGGER) private readonly logger: Logger,
    dataPlane: DataPlane,
    door: Door,
  ) {
    this.server = new GrpcServer({
      host,
      port: config.port,
      connectionsMax: config.connectionsMax,
      messageBytesMax: bodyLimitBytes,
      messageMs: MESSAGE_MS,
      logger,
      methods: new Map([
        ...predictMethods({
          predict: hearStrangers(traceCalls('client', (call) => dataPlane.predict(call))),
          admit: (caller, role) => door.admitCaller(caller, role),
        }),
        ...healthMethods([INFERENCE_SERVICE], () => dataPlane.ready),
        ...reflectionMethods(SERVICES),
      ]),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.port = await this.server.listen();
    this.logger.info({ port: this.port }, 'gRPC is served');
  }

  onModuleDestroy(): Promise<void> {
    return this.server.close(DRAIN_MS);
  }
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class GrpcModule {
  /** Needs `DoorModule`. @param imports where {@link DataPlane} comes from */
  static of(options: GrpcModuleOptions, imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    return {
      module: GrpcModule,
      imports,
      providers: [{ provide: GRPC_OPTIONS, useValue: options }, GrpcDoor],
      exports: [GrpcDoor],
    };
  }
}
