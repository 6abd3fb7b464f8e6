/** A database session, as BullMQ's migrator needs it: one connection, never a pool. */
export interface MigrationSession {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

/** Brings the schema `bullmq` of the PostgreSQL backend up to date, in one transaction. Whoever owns the schema runs it, before services start. */
export async function runQueueMigrations(session: MigrationSession): Promise<void> {
  const { runMigrations } = await import('bullmq');
  await runMigrations(session as never); // the same two members in looser words
}
