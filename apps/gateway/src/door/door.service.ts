import type { BlockList } from 'node:net';
import { type Actor, hasRole, type RoleNeeded } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KeyRing, type KnownKey } from '../access/key-ring.service.js';
import { readPresentedKey } from '../access/presented-key.js';
import type { MemoryRateLimiter } from '../rate-limit/memory-rate-limiter.js';
import { rateLimitHeaders } from '../rate-limit/rate-limit-headers.js';
import { RATE_LIMITER, type RateLimiter } from '../rate-limit/rate-limiter.js';
import type { WindowDecision } from '../rate-limit/sliding-window.js';
import { addressGroup, clientAddress } from './client-address.js';

export const DOOR_OPTIONS = Symbol('gateway:door-options');
export interface DoorOptions {
  readonly trustedProxies: BlockList;
  /** Counts wrong keys by address. In memory also when limits are shared: it only has to slow guessing down. */
  readonly failures: MemoryRateLimiter;
}

/** Whom a request counts against and, unless the route is open to everybody, whose key it carries. */
export interface Admission {
  readonly key: KnownKey | null;
}

/** As whom the key's holder acts in the services behind. */
export const actorOf = ({ id, name, roles }: KnownKey): Actor => ({ id, name, roles: [...roles] });

/**
 * The one door: who asks, how often, and may they. Asked before a body is read, so that strangers cost little.
 *
 * Limits count per key, and per address where there is no key. An address that presented too many wrong keys is answered 429 for every
 * key that it was not using before, right or wrong: so guessing has no oracle, and those who share the address with the guesser go on.
 */
@Injectable()
export class Door {
  constructor(
    private readonly ring: KeyRing,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(DOOR_OPTIONS) private readonly options: DoorOptions,
  ) {}

  /**
   * Admits a request or throws. Sets the rate limit's headers. Asynchronous only where Redis or PostgreSQL must be asked.
   * @param role what the key must be able to do; null: open to everybody
   * @throws DomainError `missing-api-key`, `invalid-api-key`, `role-required`, `rate-limited`, `database-unavailable`
   */
  admit(request: FastifyRequest, reply: FastifyReply, role: RoleNeeded | null): Admission | Promise<Admission> {
    const presented = readPresentedKey(request.headers);
    const address = addressGroup(this.addressOf(request));
    if (presented === undefined) return this.admitWithoutKey(address, reply, role);
    const key = presented === null ? undefined : this.ring.find(presented);
    if (!key) return this.lookAgain(presented, { address, request, reply, role });
    return this.admitKey(key, { address, request, reply, role });
  }

  /** The address of who asks, as far as trusted proxies tell. */
  addressOf({ socket, headers }: FastifyRequest): string {
    return clientAddress(socket.remoteAddress, headers['x-forwarded-for'], this.options.trustedProxies);
  }

  private admitKey(key: KnownKey, call: Call): Admission | Promise<Admission> {
    const { address, request, reply, role } = call;
    if (key.lastAddress !== address) this.refuseGuesser(address, reply);
    key.lastAddress = address;
    request.caller = key.name;
    const settle = (decision: WindowDecision): Admission => {
      this.settle(decision, reply);
      if (role !== null && !hasRole(key.roles, role))
        throw new DomainError('role-required', `This needs a key with ${role === 'any' ? 'a role' : `the role ${role}`}.`);
      return { key };
    };
    const decision = this.limiter.take(`key:${key.id}`);
    return decision instanceof Promise ? decision.then(settle) : settle(decision);
  }

  private admitWithoutKey(address: string, reply: FastifyReply, role: RoleNeeded | null): Admission | Promise<Admission> {
    const settle = (decision: WindowDecision): Admission => {
      this.settle(decision, reply);
      if (role === null) return { key: null };
      void reply.header('www-authenticate', 'Bearer realm="gimbal"');
      throw new DomainError(
        'missing-api-key',
        'Send a key as X-API-Key, as a bearer token or as the password of Basic.',
      );
    };
    const decision = this.limiter.take(`ip:${address}`);
    return decision instanceof Promise ? decision.then(settle) : settle(decision);
  }

  private async lookAgain(presented: string | null, call: Call): Promise<Admission> {
    const { address, reply } = call;
    this.refuseGuesser(address, reply);
    const key = presented === null ? undefined : await this.ring.findAfterLooking(presented);
    if (key) return this.admitKey(key, call);
    if (presented !== null && this.ring.isBlind) {
      this.settle(await this.limiter.take(`ip:${address}`), reply);
      void reply.header('retry-after', '5');
      throw new DomainError('database-unavailable', 'The key is not known here, and PostgreSQL cannot be asked now.');
    }
    this.options.failures.take(address);
    void reply.header('www-authenticate', 'Bearer realm="gimbal", error="invalid_token"');
    throw new DomainError('invalid-api-key', 'The key is not known, was revoked, or has expired.');
  }

  private refuseGuesser(address: string, reply: FastifyReply): void {
    if (!this.options.failures.isSpent(address)) return;
    this.settle(this.options.failures.take(address), reply);
  }

  private settle(decision: WindowDecision, reply: FastifyReply): void {
    void reply.headers(rateLimitHeaders(decision));
    if (!decision.admitted)
      throw new DomainError(
        'rate-limited',
        `Wait ${Math.ceil(decision.retryAfterMs / 1_000)} s before the next request.`,
      );
  }
}

interface Call {
  readonly address: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly role: RoleNeeded | null;
}
