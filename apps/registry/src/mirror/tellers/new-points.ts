import { Prisma } from '@gimbal/db';
import type { Database } from '../../database/database.js';

/** All transactions before this one have ended. Asked before points are read, so that what commits meanwhile is told again. */
export async function readHorizon(database: Database): Promise<bigint> {
  const [row] = await database.reader.$queryRaw<{ horizon: bigint }[]>`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon`;
  return row?.horizon ?? 0n;
}

/**
 * True of rows of `m` that were written since the horizon `since`, which costs their writers nothing: it is known by the transaction
 * (`xmin`). That has 32 bits and is compared by age. Every row is new when the horizon says nothing: there is none, it is so old that
 * ages have come round, or it is of the future, as after a restore.
 */
export const isNewSince = (since: bigint | null): Prisma.Sql => Prisma.sql`(
  SELECT mark.since IS NULL OR mark.distance < 0 OR mark.distance > 2000000000
         OR age(m.xmin) <= age((mark.since % 4294967296)::text::xid)
  FROM (SELECT ${since}::bigint AS since, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - ${since}::bigint AS distance) AS mark)`;
