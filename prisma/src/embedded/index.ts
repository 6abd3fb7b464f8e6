export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from './embedded-postgres.js';
export { findFreePort } from './find-free-port.js';
