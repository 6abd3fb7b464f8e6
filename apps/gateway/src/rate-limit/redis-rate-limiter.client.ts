import type { Redis } from 'ioredis';
import { withDeadline } from '../timing/with-deadline.js';
import type { RateLimiter } from './rate-limiter.js';
import { leavesInMs, SLOTS, slotMs, type WindowDecision, type WindowLimit, waitMs } from './sliding-window.js';

/**
 * The sliding window of `sliding-window.ts` as one atomic step in Redis, by the clock of Redis: a hash of slot -> count.
 * Returns {admitted, total, now, slot, count, slot, count, ...}.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, slot_ms, slots = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local slot = math.floor(now / slot_ms)
local counted = redis.call('HGETALL', KEYS[1])
local total, reply = 0, {}
for i = 1, #counted, 2 do
  if tonumber(counted[i]) < slot - slots then
    redis.call('HDEL', KEYS[1], counted[i])
  else
    total = total + tonumber(counted[i + 1])
    reply[#reply + 1] = counted[i]
    reply[#reply + 1] = counted[i + 1]
  end
end
local admitted = 0
if total < limit then
  admitted = 1
  total = total + 1
  redis.call('HINCRBY', KEYS[1], slot, 1)
  redis.call('PEXPIRE', KEYS[1], math.ceil(slot_ms * (slots + 1)))
end
return {admitted, total, now, slot, unpack(reply)}
`;

export interface RedisRateLimiterOptions {
  readonly redis: Redis;
  readonly limit: WindowLimit;
  /** Decides while Redis can't: each gateway then limits by itself. */
  readonly fallback: RateLimiter;
  /** A Redis that does not answer within this is not waited for, default 250 ms. */
  readonly answerMs?: number;
  /** Told once each time that Redis stops or begins to answer again. */
  readonly onChange: (state: 'shared' | 'alone', reason?: unknown) => void;
}

/** Limits shared by all gateways of a system. A limiter that fails must not close the door: without Redis each process counts for itself. */
export class RedisRateLimiter implements RateLimiter {
  private readonly options: RedisRateLimiterOptions;
  private state: 'shared' | 'alone' = 'shared';

  constructor(options: RedisRateLimiterOptions) {
    this.options = options;
  }

  async take(caller: string): Promise<WindowDecision> {
    const { redis, fallback } = this.options;
    try {
      // Asked while not ready, ioredis would queue the command or throw, depending on the moment.
      if (redis.status !== 'ready') throw new Error(`Redis is ${redis.status}.`);
      const decision = await this.ask(caller);
      this.become('shared');
      return decision;
    } catch (error) {
      this.become('alone', error);
      return fallback.take(caller);
    }
  }

  private async ask(caller: string): Promise<WindowDecision> {
    const { redis, limit, answerMs = 250 } = this.options;
    const reply = redis.eval(TAKE, 1, `gimbal:rate:${caller}`, limit.requests, slotMs(limit), SLOTS);
    return decisionOf(await withDeadline(reply, answerMs, 'Redis'), limit);
  }

  private become(state: 'shared' | 'alone', reason?: unknown): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onChange(state, reason);
  }
}

function decisionOf(reply: unknown, limit: WindowLimit): WindowDecision {
  const [admitted, total, now, slot, ...rest] = (Array.isArray(reply) ? reply : []).map(Number);
  if (admitted === undefined || total === undefined || now === undefined || slot === undefined)
    throw new Error('Redis answered something else than the script returns.');
  const counts: Array<readonly [number, number]> = [];
  for (let i = 0; i + 1 < rest.length; i += 2) counts.push([rest[i] ?? 0, rest[i + 1] ?? 0]);
  counts.sort(([a], [b]) => a - b);
  const newest = admitted === 1 ? slot : (counts.at(-1)?.[0] ?? slot);
  return {
    admitted: admitted === 1,
    limit,
    remaining: Math.max(0, limit.requests - total),
    retryAfterMs: admitted === 1 ? 0 : waitMs(counts, total, limit, now),
    resetAfterMs: leavesInMs(newest, limit, now),
  };
}
