export { createDatabaseClient, type DatabaseClientOptions } from './database-client.js';
export {
  type DatabaseReader,
  DatabaseSession,
  type DatabaseTransaction,
  isReferredTo,
  isTaken,
  type SessionOptions,
  type Statement,
  toJson,
} from './database-session.js';
export * from './generated/client.js';
export { type AppliedMigrations, applyMigrations, MigrationError } from './migrations/apply-migrations.js';
export { createDatabaseIfMissing } from './migrations/create-database.js';
export {
  dropPredictionPartitions,
  ensurePredictionPartitions,
  type PartitionDays,
} from './partitions/prediction-partitions.js';
export { connectionStringFor, ensureRoles, migrateQueue, type RolePasswords } from './roles/ensure-roles.js';
export { DATABASE_USERS, type DatabaseUser, OWNERS, type Owner, roleOf } from './roles/ownership.js';
export { storableJson, storableText, storableValue } from './storable-json.js';
