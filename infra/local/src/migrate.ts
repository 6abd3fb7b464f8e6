import {
  applyMigrations,
  createDatabaseIfMissing,
  DATABASE_USERS,
  type DatabaseUser,
  ensureRoles,
  migrateQueue,
} from '@gimbal/db';
import { z } from 'zod';

// Prepares a given PostgreSQL once before the services start (compose, Kubernetes): database, tables, roles, the queue's schema.
// Safe to run again and from several places at once.

const names = Object.fromEntries(DATABASE_USERS.map((user) => [`DATABASE_PASSWORD_${user.toUpperCase()}`, user]));
const Environment = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'must be the postgresql:// address of a role that may create roles',
  }),
  ...Object.fromEntries(
    Object.keys(names).map((name) => [
      name,
      z.string({ error: 'is not set' }).min(16, 'must have at least 16 characters'),
    ]),
  ),
});

const parsed = Environment.safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(
    `${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')}\n`,
  );
  process.exit(78);
}
const { DATABASE_URL: ownerUrl, ...passwords } = parsed.data;
await createDatabaseIfMissing(ownerUrl);
const { applied } = await applyMigrations(ownerUrl);
await ensureRoles(
  ownerUrl,
  Object.fromEntries(Object.entries(passwords).map(([name, password]) => [names[name], password])) as Record<
    DatabaseUser,
    string
  >,
); // one password per user, as parsed
await migrateQueue(ownerUrl, async (client) => (await import('bullmq')).runMigrations(client));
process.stdout.write(`database ready, ${applied.length} migrations applied\n`);
