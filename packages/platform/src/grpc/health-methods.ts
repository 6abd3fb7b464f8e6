import { HEALTH_METHODS, HEALTH_SERVICE } from '@gimbal/contracts';
import type { SentMessage } from './cut-messages.js';
import { GrpcFailure } from './grpc-failure.js';
import type { GrpcMethod } from './grpc-method.js';
import { inflateMessage } from './message-encoding.js';

const LOOK_MS = 1_000;

const { request, response } = HEALTH_METHODS.Check;

const readService = ({ bytes, encoding }: SentMessage): string => {
  const plain = inflateMessage(bytes, encoding);
  try {
    return request.decode(plain).service;
  } catch {
    throw new GrpcFailure('INVALID_ARGUMENT', 'The message is no HealthCheckRequest.');
  }
};

/**
 * gRPC's health protocol (grpc/grpc, doc/health-checking.md), open to everybody.
 * @param services by name; all of them, and the server as a whole (an empty name), serve while `isReady`
 */
export function healthMethods(services: readonly string[], isReady: () => boolean): ReadonlyMap<string, GrpcMethod> {
  const known = new Set(['', ...services]);
  const statusOf = (service: string) =>
    known.has(service) ? (isReady() ? 'SERVING' : 'NOT_SERVING') : 'SERVICE_UNKNOWN';
  return new Map<string, GrpcMethod>([
    [
      `/${HEALTH_SERVICE}/Check`,
      {
        kind: 'one',
        open: () => async (message) => {
          const status = statusOf(readService(message));
          if (status === 'SERVICE_UNKNOWN') throw new GrpcFailure('NOT_FOUND', 'There is no service of this name.');
          return response.encode({ status });
        },
      },
    ],
    [
      `/${HEALTH_SERVICE}/Watch`,
      {
        kind: 'watch',
        watch: (message, say) => {
          const service = readService(message);
          let said: string | undefined;
          const look = (): void => {
            const status = statusOf(service);
            if (status === said) return;
            said = status;
            say(response.encode({ status }));
          };
          look();
          const timer = setInterval(look, LOOK_MS);
          return () => clearInterval(timer);
        },
      },
    ],
  ]);
}
