import { type DatabaseClientOptions, DatabaseSession } from '@gimbal/db';

/** Appending to the audit chain waits for its turn; turns take milliseconds. */
const TRANSACTION_MS = 5_000;
/** Nobody waits long at the door: without PostgreSQL it goes on with the keys it knows. */
const CONNECT_MS = 2_000;

/** Keys, the audit chain and the answers to repeated requests. */
export class Database extends DatabaseSession {
  constructor(settings: DatabaseClientOptions) {
    super({ ...settings, connectTimeoutMs: CONNECT_MS }, { owner: 'gateway', transactionMs: TRANSACTION_MS });
  }
}
