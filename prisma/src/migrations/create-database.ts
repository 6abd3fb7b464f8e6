import pg from 'pg';

/** `duplicate_database`, and the unique violation that two creators at the same moment meet. */
const EXISTS = new Set(['42P04', '23505']);

/**
 * Creates the database that the connection string names, unless it exists. Asks the maintenance database `postgres` of
 * the same server, so the role must be allowed to create databases only when it really is missing.
 */
export async function createDatabaseIfMissing(connectionString: string): Promise<void> {
  const url = new URL(connectionString);
  const name = decodeURIComponent(url.pathname.slice(1));
  const direct = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  try {
    await direct.connect();
    await direct.end();
    return;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === '3D000')) throw error;
  }
  url.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code !== undefined && EXISTS.has(error.code))) throw error;
  } finally {
    await admin.end();
  }
}
