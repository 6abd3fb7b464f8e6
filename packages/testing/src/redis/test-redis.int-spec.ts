import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from './test-redis.js';

let redis: TestRedis | null;
beforeAll(async () => {
  redis = await startTestRedis({ durability: 'aof' });
});
afterAll(() => redis?.dispose());

describe('startTestRedis', () => {
  it('starts a server that comes back on its port after kill -9, or says that there is none', async () => {
    if (!redis) return; // the reason was printed
    const client = new Redis(redis.url, { maxRetriesPerRequest: null });
    await client.set('kept', 'yes');
    await client.config('SET', 'appendfsync', 'always');
    await client.set('synced', 'yes');
    await redis.kill();
    await redis.restart();
    expect(await client.get('synced')).toBe('yes');
    client.disconnect();
  });
});
