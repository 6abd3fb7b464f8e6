import { type DatabaseTransaction, Prisma } from '@gimbal/db';

/** Rows of one statement. */
const AT_ONCE = 10_000;

/** A table with the columns that are written, as `run_id uuid, key text`. Of a program, never of a user. */
export interface WrittenTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Adds rows, some thousands by each statement: an imported model has any number of them. The same row again is passed over. */
export async function insertRows(
  tx: DatabaseTransaction,
  { name, columns }: WrittenTable,
  rows: readonly object[],
): Promise<void> {
  const names = Prisma.raw(columns.map((column) => column.split(' ', 1)[0]).join(', '));
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const batch = JSON.stringify(rows.slice(start, start + AT_ONCE));
    await tx.$executeRaw`
      INSERT INTO ${Prisma.raw(name)} (${names}) SELECT ${names}
      FROM jsonb_to_recordset(${batch}::jsonb) AS given (${Prisma.raw(columns.join(', '))}) ON CONFLICT DO NOTHING`;
  }
}
