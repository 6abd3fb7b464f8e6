import { eventually, startTestRedis, type TestRedis } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { MemoryRateLimiter } from '../src/rate-limit/memory-rate-limiter.js';
import type { RateLimiter } from '../src/rate-limit/rate-limiter.js';
import { RedisRateLimiter } from '../src/rate-limit/redis-rate-limiter.client.js';
import { type GatewayFixture, startGateway } from './gateway-fixture.js';

/** What every adapter promises; the fine points of the window have their own test, on the pure counter. */
const conformance = (limiterOf: () => { limiter: RateLimiter; pass: (milliseconds: number) => Promise<void> }) => {
  it('admits as many as allowed, then refuses, and counts callers apart', async () => {
    const { limiter } = limiterOf();
    for (const remaining of [2, 1, 0])
      expect(await limiter.take('key:a')).toMatchObject({
        admitted: true,
        remaining,
        limit: { requests: 3, windowMs: 600 },
      });
    const refused = await limiter.take('key:a');
    expect(refused).toMatchObject({ admitted: false, remaining: 0 });
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(610);
    expect((await limiter.take('key:b')).admitted).toBe(true);
  });

  it('admits again after the wait it told', async () => {
    const { limiter, pass } = limiterOf();
    const { retryAfterMs } = await limiter.take('key:a');
    await pass(retryAfterMs + 5);
    expect((await limiter.take('key:a')).admitted).toBe(true);
  });

  it('admits no more than allowed of many at once', async () => {
    const { limiter } = limiterOf();
    const decisions = await Promise.all(Array.from({ length: 50 }, async () => limiter.take('key:burst')));
    expect(decisions.filter(({ admitted }) => admitted).length).toBe(3);
  });
};
const limit = { requests: 3, windowMs: 600 };

describe('limits in memory', () => {
  let now = 1_000;
  const limiter = new MemoryRateLimiter(limit, () => now);
  conformance(() => ({
    limiter,
    pass: async (milliseconds) => {
      now += milliseconds;
    },
  }));

  it('remember a bounded number of callers, idle ones first forgotten', () => {
    const small = new MemoryRateLimiter(limit, () => now, 100);
    for (let caller = 0; caller < 1_000; caller += 1) small.take(`ip:${caller}`);
    expect(small.size).toBeLessThanOrEqual(100);
    expect(small.isSpent('ip:999')).toBe(false);
    now += 10_000;
    small.take('ip:new');
    expect(small.size).toBe(1);
  });
});

describe('limits in Redis', () => {
  // Real time passes here: the window is long, and the patience longer, so that a busy machine changes nothing.
  const shared = { requests: 3, windowMs: 3_000 };
  const answerMs = 30_000;
  let server: TestRedis | null;
  let redis: Redis;
  let limiter: RedisRateLimiter;
  const states: string[] = [];
  beforeAll(async () => {
    server = await startTestRedis();
    if (!server) return;
    redis = new Redis(server.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 }).on('error', () => undefined);
    const fallback = new MemoryRateLimiter({ ...shared, windowMs: 600_000 });
    limiter = new RedisRateLimiter({
      redis,
      limit: shared,
      fallback,
      answerMs,
      onChange: (state) => states.push(state),
    });
    await eventually(() => expect(redis.status).toBe('ready'));
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.dispose();
  });
  const withRedis = (name: string, test: () => Promise<void>) => it(name, async () => (server ? test() : undefined));

  withRedis('keep the promises of a limiter, across processes', async () => {
    const other = new RedisRateLimiter({
      redis,
      limit: shared,
      fallback: new MemoryRateLimiter(shared),
      answerMs,
      onChange: () => undefined,
    });
    const decisions = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => (index % 2 ? other : limiter).take('key:burst')),
    );
    expect(decisions.filter(({ admitted }) => admitted).length).toBe(3);
    expect(decisions.filter(({ admitted }) => admitted).map(({ remaining }) => remaining)).toEqual([2, 1, 0]);
    const began = performance.now();
    const { retryAfterMs } = await limiter.take('key:burst');
    expect(retryAfterMs).toBeGreaterThan(0);
    await eventually(async () => expect((await other.take('key:burst')).admitted).toBe(true), { intervalMs: 5 });
    // Counted from before the answer that told the wait; its slots are coarse.
    expect(performance.now() - began).toBeGreaterThan(retryAfterMs - 350);
  });

  withRedis('go on in memory while Redis is away, say so once, and are shared again when it is back', async () => {
    await server?.kill();
    for (const admitted of [true, true, true, false]) expect((await limiter.take('key:alone')).admitted).toBe(admitted);
    expect(states).toEqual(['alone']);
    await server?.restart();
    await eventually(async () => {
      await limiter.take('key:back');
      expect(states).toEqual(['alone', 'shared']);
    });
  });
});

describe('the door', () => {
  let gateway: GatewayFixture;
  beforeAll(async () => {
    gateway = await startGateway({ RATE_LIMIT_REQUESTS: '3', RATE_LIMIT_WINDOW: '60', TRUSTED_PROXIES: '10.9.0.0/16' });
  });
  afterAll(() => gateway.dispose());

  it('tells what is left, then answers 429 with Retry-After, per key', async () => {
    for (const remaining of ['2', '1', '0']) {
      const { status, headers } = await gateway.ask('viewer', 'GET', '/api/v1/models');
      expect([status, headers['ratelimit-limit'], headers['ratelimit-remaining'], headers['ratelimit-policy']]).toEqual(
        [200, '3', remaining, '3;w=60'],
      );
    }
    const refused = await gateway.ask('viewer', 'GET', '/api/v1/models');
    expect(refused).toMatchObject({ status: 429, json: { code: 'rate-limited' } });
    const wait = Number(refused.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(61);
    expect((await gateway.ask('operator', 'GET', '/api/v1/models')).status).toBe(200);
    expect((await gateway.ask('viewer', 'GET', '/health/live')).status).toBe(200);
  });

  it('counts predictions, too', async () => {
    const statuses = [];
    for (let request = 0; request < 4; request += 1)
      statuses.push((await gateway.ask('predictor', 'POST', '/predict', { body: {} })).status);
    expect(statuses).toEqual([503, 503, 503, 429]);
  });

  it('counts who has no key by address: an IPv6 /64 as one, clients behind a trusted proxy apart', async () => {
    const statusOf = async (remoteAddress: string, forwarded?: string) =>
      (
        await gateway.ask(null, 'GET', '/openapi.json', {
          remoteAddress,
          ...(forwarded && { headers: { 'x-forwarded-for': forwarded } }),
        })
      ).status;
    for (const host of ['1', '2', '3']) expect(await statusOf(`2001:db8:1:2::${host}`)).toBe(200);
    expect(await statusOf('2001:db8:1:2:ffff::9')).toBe(429);
    expect(await statusOf('2001:db8:1:3::1')).toBe(200);
    for (let request = 0; request < 3; request += 1) expect(await statusOf('10.9.0.1', '6.6.6.6, 192.0.2.1')).toBe(200);
    expect(await statusOf('10.9.0.1', '7.7.7.7, 192.0.2.1')).toBe(429);
    expect(await statusOf('10.9.0.1', '192.0.2.2')).toBe(200);
    for (let request = 0; request < 3; request += 1) await statusOf('192.0.2.77', `192.0.2.${request}`);
    expect(await statusOf('192.0.2.77', '192.0.2.200')).toBe(429);
  });
});
