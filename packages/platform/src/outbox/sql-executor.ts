/** The least a database client must do here; a `pg` client and pool do it as they are. */
export interface PgExecutor {
  query(sql: string, values: unknown[]): Promise<{ readonly rows: ReadonlyArray<Record<string, unknown>> }>;
}

/** A Prisma client or interactive transaction, as far as it is needed here. */
export interface PrismaExecutor {
  $queryRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<unknown>;
}

export type SqlExecutor = PgExecutor | PrismaExecutor;

/** Runs one statement on either kind of client. */
export async function runSql(
  executor: SqlExecutor,
  sql: string,
  values: unknown[],
): Promise<ReadonlyArray<Record<string, unknown>>> {
  if ('$queryRawUnsafe' in executor)
    return (await executor.$queryRawUnsafe(sql, ...values)) as ReadonlyArray<Record<string, unknown>>; // Prisma answers rows
  return (await executor.query(sql, values)).rows;
}
