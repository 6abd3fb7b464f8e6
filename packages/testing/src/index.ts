export { startTestDatabase, type TestDatabase } from './database/test-database.js';
export { startTestRedis, type TestRedis, type TestRedisOptions } from './redis/test-redis.js';
export { type EventuallyOptions, eventually } from './time/eventually.js';
export { ManualClock } from './time/manual-clock.js';
