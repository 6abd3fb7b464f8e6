// The database's own part lies with the database, whose tests use it too; a package can't depend on the one that depends on it.
export { type EventuallyOptions, eventually, startTestDatabase, type TestDatabase } from '@gimbal/db/testing';
export { PostgresPair } from './database/postgres-pair.js';
export { pythonOfMlflow, startTestMlflow, type TestMlflow } from './mlflow/test-mlflow.js';
export { GimbalProcesses } from './process/gimbal-processes.js';
export { ServiceProcess, SOURCE_FLAGS } from './process/service-process.js';
export { startTestRedis, type TestRedis, type TestRedisOptions } from './redis/test-redis.js';
export { findS3Server, S3_ACCESS_KEY, S3_SECRET_KEY, startTestS3, type TestS3 } from './s3/test-s3.js';
export { ManualClock } from './time/manual-clock.js';
export { type CollectedSpan, TraceCollector } from './tracing/trace-collector.js';
