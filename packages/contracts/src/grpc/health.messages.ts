import { enumeration, message, one, string } from './protobuf.js';

/** grpc/grpc-proto, grpc/health/v1/health.proto. */
export const HEALTH_SERVICE = 'grpc.health.v1.Health';

const ServingStatus = enumeration('HealthCheckResponse.ServingStatus', {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
  SERVICE_UNKNOWN: 3,
});
/** An empty service is the whole server. */
const HealthCheckRequest = message('HealthCheckRequest', { service: one(1, string) });
const HealthCheckResponse = message('HealthCheckResponse', { status: one(1, ServingStatus) });

export const HEALTH_METHODS = {
  Check: { request: HealthCheckRequest, response: HealthCheckResponse },
  Watch: { request: HealthCheckRequest, response: HealthCheckResponse, streams: 'answers' },
} as const;
