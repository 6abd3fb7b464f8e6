import type { PrismaClient } from '../generated/client.js';

/** Which days need a partition. */
export interface PartitionDays {
  /** The first day, by its UTC date. */
  readonly from: Date;
  /** How many days, 1 to 400. */
  readonly days: number;
}

/**
 * Makes the missing daily partitions of `predictions`, moving rows that arrived before theirs. May be called by monitoring's
 * role, as often and from as many places as it likes.
 *
 * @returns how many were made.
 */
export async function ensurePredictionPartitions(client: PrismaClient, { from, days }: PartitionDays): Promise<number> {
  const rows = await client.$queryRaw<{ made: number }[]>`
    SELECT ensure_prediction_partitions(${utcDate(from)}::date, ${days}::int) AS made`;
  return rows[0]?.made ?? 0;
}

/**
 * Drops the predictions of the UTC days before `firstKept`, whole partitions at a time.
 *
 * @returns how many days were dropped.
 */
export async function dropPredictionPartitions(client: PrismaClient, firstKept: Date): Promise<number> {
  const rows = await client.$queryRaw<{ dropped: number }[]>`
    SELECT drop_prediction_partitions(${utcDate(firstKept)}::date) AS dropped`;
  return rows[0]?.dropped ?? 0;
}

function utcDate(time: Date): string {
  return time.toISOString().slice(0, 10);
}
