export { createDatabaseClient, type DatabaseClientOptions } from './database-client.js';
export * from './generated/client.js';
export { type AppliedMigrations, applyMigrations, MigrationError } from './migrations/apply-migrations.js';
export { createDatabaseIfMissing } from './migrations/create-database.js';
export {
  dropPredictionPartitions,
  ensurePredictionPartitions,
  type PartitionDays,
} from './partitions/prediction-partitions.js';
export { connectionStringFor, ensureRoles, type RolePasswords } from './roles/ensure-roles.js';
export { OWNERS, type Owner, QUEUE_ROLE, QUEUE_SCHEMA, roleOf } from './roles/ownership.js';
