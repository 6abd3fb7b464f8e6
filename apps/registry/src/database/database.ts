import { type DatabaseClientOptions, DatabaseSession } from '@gimbal/db';

/** A writer waits this long for its turn on one model before it gives up; turns take milliseconds. */
const TRANSACTION_MS = 15_000;

/** The tables of the registry. */
export class Database extends DatabaseSession {
  constructor(settings: DatabaseClientOptions) {
    super(settings, { owner: 'registry', transactionMs: TRANSACTION_MS });
  }
}
