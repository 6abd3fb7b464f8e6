import { type DatabaseClientOptions, DatabaseSession } from '@gimbal/db';

/** A decision waits this long for its turn on one model before it gives up; turns take milliseconds. */
const TRANSACTION_MS = 10_000;

/** The tables of the agent, and everybody else's to read. */
export class Database extends DatabaseSession {
  constructor(settings: DatabaseClientOptions) {
    super(settings, { owner: 'agent', transactionMs: TRANSACTION_MS });
  }
}
