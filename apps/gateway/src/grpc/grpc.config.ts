import { configGroup, integerText, setting } from '@gimbal/platform';

/** Open Inference over gRPC, on the host of HTTP. */
export const grpcConfig = configGroup('gRPC', {
  port: setting('GRPC_PORT', integerText(0, 65_535).default(8_001), {
    description: 'Port of Open Inference over gRPC, without TLS; 0 takes a free one.',
  }),
  connectionsMax: setting('GRPC_CONNECTIONS_MAX', integerText(1, 100_000).default(1_024), {
    description: 'Connections over gRPC at once; one more is closed.',
    unit: 'connections',
  }),
});
