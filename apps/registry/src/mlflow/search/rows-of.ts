import type { Prisma } from '@gimbal/db';
import type { Database } from '../../database/database.js';

/** Rows of a statement with its bound values. It has no name: the best plan depends on the values. */
export const rowsOf = <Row extends object>(database: Database, { text, values }: Prisma.Sql): Promise<Row[]> =>
  database.query<Row>({ text }, values);
