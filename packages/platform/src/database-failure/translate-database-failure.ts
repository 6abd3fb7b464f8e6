import { DomainError } from '@gimbal/domain';
import { isDatabaseAway } from './is-database-away.js';

/** `database-unavailable` for a failure that says that the database of `service` is away; any other as it is. */
export function translateDatabaseFailure(error: unknown, service: string): unknown {
  if (!isDatabaseAway(error)) return error;
  return new DomainError('database-unavailable', `The ${service} service cannot reach its database; try again.`, {
    cause: error,
  });
}
