import { createHash, timingSafeEqual } from 'node:crypto';
import type { Actor } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACTOR_HEADER, decodeActor } from './actor-header.js';
import { CALLABLE_BY } from './callable-by.js';
import { isLoopback, OPEN_ROUTE, type Openness } from './open-route.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the service that called, once its key was verified. */
    caller?: string;
    /** For whom it called. */
    actor?: Actor;
  }
}

/** The name under which a key is known; every entry is compared in constant time, so that timing tells nothing about them. */
export function findCaller(trusted: ReadonlyMap<string, Buffer>, key: string): string | undefined {
  const digest = createHash('sha256').update(key, 'utf8').digest();
  let found: string | undefined;
  for (const [name, expected] of trusted) if (timingSafeEqual(digest, expected)) found = name;
  return found;
}

/** Lets only trusted services in: `Authorization: Bearer <service key>`. Sets `request.caller` and `request.actor`. */
export class ServiceAuthGuard implements CanActivate {
  private readonly reflector = new Reflector();
  private readonly trusted: ReadonlyMap<string, Buffer>;

  constructor(trusted: ReadonlyMap<string, Buffer>) {
    this.trusted = trusted;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const places = [context.getHandler(), context.getClass()];
    const openness = this.reflector.getAllAndOverride<Openness | undefined>(OPEN_ROUTE, places);
    if (openness === 'everyone' || (openness === 'loopback' && isLoopback(request.socket.remoteAddress))) return true;
    const [scheme, key] = (request.headers.authorization ?? '').split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer' || !key)
      throw new DomainError('missing-api-key', 'This route takes calls from services of this system only.');
    const caller = findCaller(this.trusted, key);
    if (caller === undefined) throw new DomainError('invalid-api-key', 'The service key is not known here.');
    const allowed = this.reflector.getAllAndOverride<readonly string[] | undefined>(CALLABLE_BY, places);
    if (allowed && !allowed.includes(caller))
      throw new DomainError('caller-not-trusted', `The service ${caller} may not call this route.`);
    request.caller = caller;
    const actor = decodeActor(request.headers[ACTOR_HEADER]);
    if (actor) request.actor = actor;
    return true;
  }
}
