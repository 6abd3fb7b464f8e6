import type { Actor } from '@gimbal/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import './service-auth.guard.js';

/** Name of the service that called. On a route that is open to everyone it is undefined. */
export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string | undefined =>
    context.switchToHttp().getRequest<FastifyRequest>().caller,
);

/** For whom the service called; a service that names nobody acts on its own account. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { actor, caller } = context.switchToHttp().getRequest<FastifyRequest>();
  return actor ?? { id: `service:${caller ?? 'unknown'}`, name: caller ?? 'unknown', roles: [] };
});
