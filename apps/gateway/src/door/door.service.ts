import type { BlockList } from 'node:net';
import { type Actor, hasRole, type RoleNeeded } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { callerOf, type PredictCaller, readPresentedKey } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashSecret } from '../access/api-key-secret.js';
import { KeyRing, type KnownKey } from '../access/key-ring.service.js';
import type { MemoryRateLimiter } from '../rate-limit/memory-rate-limiter.js';
import { rateLimitHeaders } from '../rate-limit/rate-limit-headers.js';
import { RATE_LIMITERS, type RateLimiter } from '../rate-limit/rate-limiter.js';
import type { WindowDecision } from '../rate-limit/sliding-window.js';
import { addressGroup, clientAddress } from './client-address.js';

export const DOOR_OPTIONS = Symbol('gateway:door-options');
export interface DoorOptions {
  readonly trustedProxies: BlockList;
  /** Counts wrong keys by address. In memory also when limits are shared: it only has to slow guessing down. */
  readonly failures: MemoryRateLimiter;
}

/**
 * What a request is counted as: one of a person or a program that asks; one of a program that logs what it measures at each step; one at an
 * address that was signed for it, as each part of a large file is sent.
 */
export type Traffic = 'asking' | 'tracking' | 'signed';

/** Whom a request counts against and, unless the route is open to everybody, whose key it carries. */
export interface Admission {
  readonly key: KnownKey | null;
}

/** Who asks an open route without a key: nobody in particular, who may do nothing that needs a role. */
export const ANYBODY: KnownKey = {
  id: 'anybody',
  name: 'anybody',
  roles: [],
  expiresAt: null,
  origin: 'environment',
  lastAddress: null,
};

const ACTORS = new WeakMap<KnownKey, Actor>();

/** As whom the key's holder acts in the services behind: one object for each key. */
export function actorOf(key: KnownKey): Actor {
  const known = ACTORS.get(key);
  if (known) return known;
  const actor = { id: key.id, name: key.name, roles: [...key.roles] };
  ACTORS.set(key, actor);
  return actor;
}

/**
 * The one door: who asks, how often, and may they. Asked before a body is read, so that strangers cost little.
 *
 * Limits count per key, and per address where there is no key. An address that presented too many wrong keys is answered 429 for every
 * key that it was not using before, right or wrong: so guessing has no oracle, and those who share the address with the guesser go on.
 */
@Injectable()
export class Door {
  private readonly heads = new WeakMap<PredictCaller['headers'], KnownHead>();

  constructor(
    private readonly ring: KeyRing,
    @Inject(RATE_LIMITERS) private readonly limiters: Readonly<Record<Traffic, RateLimiter>>,
    @Inject(DOOR_OPTIONS) private readonly options: DoorOptions,
  ) {}

  /**
   * Admits a request or throws. Sets the rate limit's headers. Asynchronous only where Redis or PostgreSQL must be asked.
   * @param role what the key must be able to do; null: open to everybody
   * @param traffic which limit a known key is held to; who has none is held to that of asking, except at a signed address
   * @throws DomainError `missing-api-key`, `invalid-api-key`, `role-required`, `rate-limited`, `database-unavailable`
   */
  admit(
    request: FastifyRequest,
    reply: FastifyReply,
    role: RoleNeeded | null,
    traffic: Traffic = 'asking',
  ): Admission | Promise<Admission> {
    return this.admitCaller(callerOf(request, reply), role, traffic);
  }

  /** The same for a caller who did not come through Fastify. */
  admitCaller(
    caller: PredictCaller,
    role: RoleNeeded | null,
    traffic: Traffic = 'asking',
  ): Admission | Promise<Admission> {
    const known = this.admitKnown(caller, role, traffic);
    if (known) return known;
    const presented = readPresentedKey(caller.headers);
    const knock = { address: this.addressOf(caller), caller, role, traffic };
    return presented === undefined ? this.admitWithoutKey(knock) : this.lookAgain(presented, knock);
  }

  /**
   * The same for a caller whose key is known here, however the request came in.
   * @returns null, with nothing counted, when the key is not known at once
   */
  admitKnown(
    caller: PredictCaller,
    role: RoleNeeded | null,
    traffic: Traffic = 'asking',
  ): Admission | Promise<Admission> | null {
    const { digest, address } = this.readHead(caller);
    const key = digest === null ? undefined : this.ring.findByDigest(digest);
    return key ? this.admitKey(key, { address, caller, role, traffic }) : null;
  }

  /** A client that repeats its head on a connection comes with the same headers each time: they are looked at, and the key hashed, once. */
  private readHead(caller: PredictCaller): KnownHead {
    let known = this.heads.get(caller.headers);
    if (!known) {
      const presented = readPresentedKey(caller.headers);
      const digest = typeof presented === 'string' ? hashSecret(presented) : null;
      known = { digest, address: this.addressOf(caller) };
      this.heads.set(caller.headers, known);
    }
    return known;
  }

  /** Under which address a caller is counted. */
  private addressOf({ headers, remoteAddress }: PredictCaller): string {
    return addressGroup(clientAddress(remoteAddress, headers['x-forwarded-for'], this.options.trustedProxies));
  }

  private admitKey(key: KnownKey, { address, caller, role, traffic }: Knock): Admission | Promise<Admission> {
    if (key.lastAddress !== address) this.refuseGuesser(address, caller);
    key.lastAddress = address;
    caller.recognise(key.name);
    const settle = (decision: WindowDecision): Admission => {
      this.settle(decision, caller);
      if (role !== null && !hasRole(key.roles, role))
        throw new DomainError(
          'role-required',
          `This needs a key with ${role === 'any' ? 'a role' : `the role ${role}`}.`,
        );
      return { key };
    };
    const decision = this.limiters[traffic].take(traffic === 'asking' ? `key:${key.id}` : `key:${key.id}:${traffic}`);
    return decision instanceof Promise ? decision.then(settle) : settle(decision);
  }

  private admitWithoutKey({ address, caller, role, traffic }: Knock): Admission | Promise<Admission> {
    const settle = (decision: WindowDecision): Admission => {
      this.settle(decision, caller);
      if (role === null) return { key: null };
      caller.tell({ 'www-authenticate': 'Bearer realm="gimbal"' });
      throw new DomainError(
        'missing-api-key',
        'Send a key as X-API-Key, as a bearer token or as the password of Basic.',
      );
    };
    // Whoever was given a signed address had a key then; all others without one are strangers.
    const decision =
      traffic === 'signed'
        ? this.limiters.signed.take(`ip:${address}:signed`)
        : this.limiters.asking.take(`ip:${address}`);
    return decision instanceof Promise ? decision.then(settle) : settle(decision);
  }

  private async lookAgain(presented: string | null, knock: Knock): Promise<Admission> {
    const { address, caller } = knock;
    this.refuseGuesser(address, caller);
    const key = presented === null ? undefined : await this.ring.findAfterLooking(presented);
    if (key) return this.admitKey(key, knock);
    if (presented !== null && this.ring.isBlind) {
      this.settle(await this.limiters.asking.take(`ip:${address}`), caller);
      caller.tell({ 'retry-after': '5' });
      throw new DomainError('database-unavailable', 'The key is not known here, and PostgreSQL cannot be asked now.');
    }
    this.options.failures.take(address);
    caller.tell({ 'www-authenticate': 'Bearer realm="gimbal", error="invalid_token"' });
    throw new DomainError('invalid-api-key', 'The key is not known, was revoked, or has expired.');
  }

  private refuseGuesser(address: string, caller: PredictCaller): void {
    if (!this.options.failures.isSpent(address)) return;
    this.settle(this.options.failures.take(address), caller);
  }

  private settle(decision: WindowDecision, caller: PredictCaller): void {
    caller.tell(rateLimitHeaders(decision));
    if (!decision.admitted)
      throw new DomainError(
        'rate-limited',
        `Wait ${Math.ceil(decision.retryAfterMs / 1_000)} s before the next request.`,
      );
  }
}

/** What follows from the headers of a request and the peer of its connection. */
interface KnownHead {
  /** Of the presented key; null when there is none. */
  readonly digest: string | null;
  readonly address: string;
}

/** Whom a decision is about. */
interface Knock {
  readonly address: string;
  readonly caller: PredictCaller;
  readonly role: RoleNeeded | null;
  readonly traffic: Traffic;
}
