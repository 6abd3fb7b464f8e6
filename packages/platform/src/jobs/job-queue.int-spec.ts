import { startTestDatabase, startTestRedis, type TestDatabase } from '@gimbal/testing';
import { afterAll, beforeAll, it } from '@jest/globals';
import { describeJobQueue } from './job-queue.conformance.js';
import { PostgresQueueBackend } from './postgres-queue.backend.js';
import { RedisQueueBackend } from './redis-queue.backend.js';

let database: TestDatabase;
const redis = await startTestRedis();

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(async () => {
  await database.dispose();
  await redis?.dispose();
});

// As a service's own role: the rights that the migrations grant are part of the promise.
describeJobQueue('PostgreSQL', () => new PostgresQueueBackend({ connectionString: database.url('monitoring') }));

if (redis) describeJobQueue('Redis', () => new RedisQueueBackend({ url: redis.url }));
else it.skip('jobs through Redis: there is no redis-server on the PATH', () => undefined);
