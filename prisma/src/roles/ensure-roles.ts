import pg from 'pg';
import {
  DATABASE_USERS,
  type DatabaseUser,
  OWNERS,
  OWNERSHIP,
  QUEUE_ROLE,
  QUEUE_SCHEMA,
  roleOf,
  TABLES_OF_ALL,
  type Writing,
} from './ownership.js';

/** One password per login role; it must be the same at every call, or running services are locked out. */
export type RolePasswords = Readonly<Record<DatabaseUser, string>>;

/** Keeps concurrent starts apart: roles belong to the whole server, and two changes of one role at a time fail. */
const ROLES_LOCK = 72_707_370;

/**
 * Makes or mends the login roles and what they may do: every owner reads all tables and writes its own; all share the schema
 * `bullmq`, and serving sees nothing else. Everything is granted anew from the table of owners, so that a right taken out of it
 * is gone after the next start. Call it after `applyMigrations`. Idempotent and safe to run at once.
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
    for (const user of DATABASE_USERS) await ensureLogin(client, roleOf(user), passwords[user]);
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
export function connectionStringFor(connectionString: string, user: DatabaseUser, password: string): string {
  const url = new URL(connectionString);
  url.username = roleOf(user);
  url.password = encodeURIComponent(password);
  return url.href;
}

/**
 * Runs BullMQ's own `runMigrations` as the role that owns its schema. BullMQ is not imported here: the caller passes it.
 * Call it after {@link ensureRoles}; callers take turns.
 */
export async function migrateQueue(
  connectionString: string,
  migrate: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    application_name: 'gimbal-queue-migrations',
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ database: string }>('SELECT current_database() AS database');
    const database = client.escapeIdentifier(rows[0]?.database ?? '');
    await client.query('SELECT pg_advisory_lock($1)', [ROLES_LOCK]);
    // BullMQ says `CREATE SCHEMA IF NOT EXISTS`, which asks for this right even when the schema is there. The services are members
    // of the role and have no use for it, so it lasts no longer than the migration.
    await client.query(`GRANT CREATE ON DATABASE ${database} TO ${QUEUE_ROLE}`);
    try {
      await client.query(`SET ROLE ${QUEUE_ROLE}`);
      await migrate(client);
    } finally {
      await client.query('RESET ROLE');
      await client.query(`REVOKE CREATE ON DATABASE ${database} FROM ${QUEUE_ROLE}`);
    }
  } finally {
    await client.end();
  }
}

async function roleExists(client: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  return rowCount === 1;
}

async function ensureLogin(client: pg.Client, role: string, password: string): Promise<void> {
  if (password === '') throw new Error(`The role ${role} needs a password.`);
  const verb = (await roleExists(client, role)) ? 'ALTER' : 'CREATE';
  // Commands about roles take no parameters.
  await client.query(`${verb} ROLE ${role} LOGIN INHERIT PASSWORD ${client.escapeLiteral(password)}`);
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
    `GRANT EXECUTE ON FUNCTION mirror_to_mlflow(text) TO ${roleOf('registry')}`,
  ].join(';\n');
}

function rights(writing: Writing): string {
  if (writing === 'free') return 'INSERT, UPDATE, DELETE';
  return writing === 'append' ? 'INSERT' : `INSERT, DELETE, UPDATE (${writing.update.join(', ')})`;
}

/**
 * BullMQ makes a sequence per queue when the first job is added in bulk, so the services may create in its schema, and share what
 * any of them creates.
 */
async function ensureQueueSchema(client: pg.Client): Promise<void> {
  if (!(await roleExists(client, QUEUE_ROLE))) await client.query(`CREATE ROLE ${QUEUE_ROLE} NOLOGIN`);
  const members = DATABASE_USERS.map(roleOf).join(', ');
  // Making things for another role takes membership in it, which a superuser does not need and others do.
  await client.query(`GRANT ${QUEUE_ROLE} TO CURRENT_USER, ${members}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${QUEUE_SCHEMA} AUTHORIZATION ${QUEUE_ROLE}`);
  for (const user of DATABASE_USERS) {
    await client.query(`GRANT ${roleOf(user)} TO CURRENT_USER`);
    await client.query(
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${roleOf(user)} IN SCHEMA ${QUEUE_SCHEMA} GRANT ALL ON SEQUENCES TO ${QUEUE_ROLE}`,
    );
  }
}
