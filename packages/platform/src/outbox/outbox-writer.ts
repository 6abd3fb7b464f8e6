import { encodeWire } from '@gimbal/contracts';
import type { DefaultCatalogue, JobCatalogue, JobNameOf, PayloadOf } from '../jobs/job-catalogue.js';
import { runSql, type SqlExecutor } from './sql-executor.js';

/** Channel on which a committed row wakes the relay of its owner. */
export const OUTBOX_CHANNEL = 'gimbal_outbox';

const INSERT = `
  WITH added AS (INSERT INTO outbox (owner, name, payload) VALUES ($1::text, $2::text, $3::jsonb) RETURNING id)
  SELECT id::text AS id, pg_notify('${OUTBOX_CHANNEL}', $1::text)::text AS told FROM added`;

/** Writes jobs in the transaction of the change they belong to: both happen, or neither. */
export class OutboxWriter<C extends JobCatalogue = DefaultCatalogue> {
  private readonly catalogue: C;
  private readonly owner: string;

  /** @param parts.owner name of the service whose rows these are */
  constructor(parts: { readonly catalogue: C; readonly owner: string }) {
    this.catalogue = parts.catalogue;
    this.owner = parts.owner;
  }

  /**
   * Adds a job to the transaction `tx`. It is published within moments of the commit, at least once, with a stable id.
   * @returns the id the job will have: `ob-<row id>`
   * @throws ZodError when the payload breaks its contract: a bug of the caller
   */
  async enqueue<N extends JobNameOf<C>>(tx: SqlExecutor, name: N, payload: PayloadOf<C, N>): Promise<string> {
    const rows = await runSql(tx, INSERT, [this.owner, name, this.encode(name, payload)]);
    return outboxJobId(String(rows[0]?.['id']));
  }

  /** The payload as the table holds it, for statements that write a row of their own among others. @throws ZodError as {@link enqueue} */
  encode<N extends JobNameOf<C>>(name: N, payload: PayloadOf<C, N>): string {
    const definition = this.catalogue[name];
    if (!definition) throw new TypeError(`There is no job ${name}.`);
    return JSON.stringify(encodeWire(definition.schema, payload));
  }
}

/** The job id of an outbox row: the same on every try to publish it, so that it arrives once. */
export const outboxJobId = (rowId: string): string => `ob-${rowId}`;
