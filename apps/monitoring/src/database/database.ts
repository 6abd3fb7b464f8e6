import {
  type DatabaseClientOptions,
  DatabaseSession,
  dropPredictionPartitions,
  ensurePredictionPartitions,
  type PartitionDays,
} from '@gimbal/db';

/** Writing ten thousand labels takes well under a second; waiting for those of others may take a few. */
const TRANSACTION_MS = 20_000;

/** The tables of monitoring, and everybody else's to read. */
export class Database extends DatabaseSession {
  constructor(settings: DatabaseClientOptions) {
    super(settings, { owner: 'monitoring', transactionMs: TRANSACTION_MS });
  }

  /** Makes the missing daily partitions of the coming days; see {@link ensurePredictionPartitions}. */
  ensurePartitions(days: PartitionDays): Promise<number> {
    return ensurePredictionPartitions(this.client, days);
  }

  /** Drops the partitions of the UTC days before `firstKept`; see {@link dropPredictionPartitions}. */
  dropPartitions(firstKept: Date): Promise<number> {
    return dropPredictionPartitions(this.client, firstKept);
  }
}
