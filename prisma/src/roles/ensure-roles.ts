import pg from 'pg';
import {
  OWNERS,
  OWNERSHIP,
  type Owner,
  QUEUE_ROLE,
  QUEUE_SCHEMA,
  roleOf,
  TABLES_OF_ALL,
  type Writing,
} from './ownership.js';

/** One password per login role; it must be the same at every call, or running services are locked out. */
export type RolePasswords = Readonly<Record<Owner | 'queue', string>>;

/** Keeps concurrent starts apart: roles belong to the whole server, and two changes of one role at a time fail. */
const ROLES_LOCK = 72_707_370;

/**
 * Makes or mends the login roles and what they may do: every service reads all tables and writes its own; the queue's role owns
 * the schema `bullmq` and may create it. Everything is granted anew from {@link OWNERSHIP}, so a right that was taken out
 * of it is gone after the next start. Call it after `applyMigrations`. Idempotent and safe to run at once.
 *
 * @param connectionString of the role that owns the tables; it needs CREATEROLE.
 */
export async function ensureRoles(connectionString: string, passwords: RolePasswords): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000, application_name: 'gimbal-roles' });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL client_min_messages = warning');
    await client.query('SELECT pg_advisory_xact_lock($1)', [ROLES_LOCK]);
    for (const owner of OWNERS) await ensureRole(client, roleOf(owner), passwords[owner]);
    await ensureRole(client, QUEUE_ROLE, passwords.queue);
    await client.query(grants());
    await ensureQueueSchema(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}); // the first error tells more
    throw error;
  } finally {
    await client.end();
  }
}

/** The connection string of a service's role, for the server and database of another role's connection string. */
export function connectionStringFor(connectionString: string, who: Owner | 'queue', password: string): string {
  const url = new URL(connectionString);
  url.username = who === 'queue' ? QUEUE_ROLE : roleOf(who);
  url.password = encodeURIComponent(password);
  return url.href;
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  if (password === '') throw new Error(`The role ${role} needs a password.`);
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  const secret = client.escapeLiteral(password);
  // Role commands take no parameters.
  await client.query(
    rowCount === 0
      ? `CREATE ROLE ${role} LOGIN NOINHERIT PASSWORD ${secret} CONNECTION LIMIT 40`
      : `ALTER ROLE ${role} LOGIN PASSWORD ${secret}`,
  );
}

function grants(): string {
  const roles = OWNERS.map(roleOf).join(', ');
  return [
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${roles}`,
    `REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ${roles}`,
    `GRANT USAGE ON SCHEMA public TO ${roles}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${roles}`,
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${roles}`,
    ...OWNERS.flatMap((owner) =>
      Object.entries(OWNERSHIP[owner]).map(
        ([table, writing]) => `GRANT ${rights(writing)} ON ${table} TO ${roleOf(owner)}`,
      ),
    ),
    ...TABLES_OF_ALL.map((table) => `GRANT INSERT, UPDATE, DELETE ON ${table} TO ${roles}`),
    `GRANT EXECUTE ON FUNCTION ensure_prediction_partitions(date, integer), drop_prediction_partitions(date) TO ${roleOf('monitoring')}`,
  ].join(';\n');
}

function rights(writing: Writing): string {
  if (writing === 'free') return 'INSERT, UPDATE, DELETE';
  return writing === 'append' ? 'INSERT' : `INSERT, UPDATE (${writing.update.join(', ')})`;
}

/** BullMQ makes its own tables, as the queue's role; `CREATE SCHEMA IF NOT EXISTS` asks for the right even when it exists. */
async function ensureQueueSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ database: string; owner: string | null }>(
    'SELECT current_database() AS database, (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = $1) AS owner',
    [QUEUE_SCHEMA],
  );
  const database = client.escapeIdentifier(rows[0]?.database ?? '');
  await client.query(`GRANT CREATE ON DATABASE ${database} TO ${QUEUE_ROLE}`);
  if (rows[0]?.owner === null) {
    // Making a schema for another role takes membership in it, which a superuser has and others need for this moment.
    await client.query(`GRANT ${QUEUE_ROLE} TO CURRENT_USER`);
    await client.query(`CREATE SCHEMA ${QUEUE_SCHEMA} AUTHORIZATION ${QUEUE_ROLE}`);
  }
}
