import { type DatabaseClientOptions, DatabaseSession } from '@gimbal/db';

/** A writer waits this long for a connection and for its end; both take milliseconds. */
const TRANSACTION_MS = 10_000;

/** The tables of training, and everybody else's to read. */
export class Database extends DatabaseSession {
  constructor(settings: DatabaseClientOptions) {
    super(settings, { owner: 'training', transactionMs: TRANSACTION_MS });
  }
}
