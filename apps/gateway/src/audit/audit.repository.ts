import { createHash } from 'node:crypto';
import { Prisma, storableText, storableValue } from '@gimbal/db';
import { type AuditLink, type AuditRecord, type ChainHead, DomainError, EMPTY_CHAIN, linkRecord } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** SHA-256 of the UTF-8 bytes of a text, in lower-case hex. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Holds off every other writer of the chain until the transaction ends: the bytes of "audit" as a number. */
const CHAIN_LOCK = 0x61_75_64_69_74;

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
}

type Row = Prisma.AuditEntryGetPayload<Record<never, never>>;

/** What came of records: the newest link after them, and the ids of those that cannot be linked. */
interface Appended {
  readonly head: ChainHead;
  readonly formless: readonly string[];
}

/** The table `audit_log`: append-only, written by the gateway alone, one writer at a time. */
@Injectable()
export class AuditRepository {
  /** The newest link this process knows to have existed: a chain that ends before it was cut. */
  private seen: ChainHead = EMPTY_CHAIN;

  constructor(private readonly database: Database) {}

  /**
   * Appends records in their order, in a transaction of their own. One that is there already changes nothing.
   * @throws DomainError `internal-error` for one that has no canonical form; all others are kept
   */
  async record(records: readonly AuditRecord[]): Promise<void> {
    const { head, formless } = await this.database.change((transaction) => this.appendAll(transaction, records));
    this.remember(head);
    checkForms(formless);
  }

  /**
   * Appends a record within the caller's transaction, so that the deed and its trace are one. Take it as the last step: from here to the
   * end of the transaction no other writer can append.
   * @throws DomainError `internal-error` when it has no canonical form
   */
  async append(transaction: Prisma.TransactionClient, record: AuditRecord): Promise<void> {
    checkForms((await this.appendAll(transaction, [record])).formless);
  }

  private async appendAll(transaction: Prisma.TransactionClient, records: readonly AuditRecord[]): Promise<Appended> {
    const storable = records.map(storableRecord);
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${CHAIN_LOCK})`;
    const before = await headOf(transaction);
    const known = await knownOf(transaction, storable);
    const links: AuditLink[] = [];
    const formless: string[] = [];
    for (const record of storable) {
      if (known.has(record.eventId)) continue;
      known.add(record.eventId);
      const link = linkRecord(record, links.at(-1) ?? before, sha256Hex);
      if (link) links.push(link);
      else formless.push(record.eventId);
    }
    if (links.length > 0) await transaction.auditEntry.createMany({ data: links.map(rowOfLink) });
    return { head: links.at(-1) ?? before, formless };
  }

  /** Links after `seq`, oldest first. */
  async after(seq: number, limit: number): Promise<readonly AuditLink[]> {
    const rows = await this.database.reader.auditEntry.findMany({
      where: { seq: { gt: BigInt(seq) } },
      orderBy: { seq: 'asc' },
      take: limit,
    });
    return rows.map(linkOfRow);
  }

  /** Links before `seq` (undefined: from the newest), newest first. */
  async list(filter: AuditFilter, limit: number, before: number | undefined): Promise<readonly AuditLink[]> {
    const rows = await this.database.reader.auditEntry.findMany({
      where: {
        ...(before !== undefined && { seq: { lt: BigInt(before) } }),
        ...(filter.action !== undefined && { action: filter.action }),
        ...(filter.subject !== undefined && { subject: filter.subject }),
        ...(filter.actor !== undefined && { actor: filter.actor }),
      },
      orderBy: { seq: 'desc' },
      take: limit,
    });
    return rows.map(linkOfRow);
  }

  /** Hashes of the links `from` to `to`, by number. */
  async hashes(from: number, to: number): Promise<ReadonlyMap<number, string>> {
    const rows = await this.database.reader.auditEntry.findMany({
      where: { seq: { gte: BigInt(from), lte: BigInt(to) } },
      select: { seq: true, hash: true },
    });
    return new Map(rows.map(({ seq, hash }) => [Number(seq), hash]));
  }

  /** The newest link now; {@link EMPTY_CHAIN} when there is none. */
  head(): Promise<ChainHead> {
    return headOf(this.database.reader);
  }

  get lastSeen(): ChainHead {
    return this.seen;
  }

  remember(head: ChainHead): void {
    if (head.seq > this.seen.seq) this.seen = head;
  }
}

async function headOf(client: Pick<Prisma.TransactionClient, 'auditEntry'>): Promise<ChainHead> {
  const row = await client.auditEntry.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, hash: true } });
  return row ? { seq: Number(row.seq), hash: row.hash } : EMPTY_CHAIN;
}

async function knownOf(client: Prisma.TransactionClient, records: readonly AuditRecord[]): Promise<Set<string>> {
  const eventIds = records.map(({ eventId }) => eventId);
  const rows = await client.auditEntry.findMany({ where: { eventId: { in: eventIds } }, select: { eventId: true } });
  return new Set(rows.map(({ eventId }) => eventId));
}

const storableRecord = ({ eventId, at, service, actor, action, subject, payload }: AuditRecord): AuditRecord => ({
  eventId: storableText(eventId),
  at: new Date(at).toISOString(),
  service: storableText(service),
  actor: storableText(actor),
  action: storableText(action),
  subject: storableText(subject),
  payload: storableValue(payload),
});

const rowOfLink = ({ payload, seq, ...columns }: AuditLink): Prisma.AuditEntryCreateManyInput => ({
  ...columns,
  seq: BigInt(seq),
  // JSON, since it has a canonical form; the JSON value null is not the SQL NULL, which the column refuses.
  payload: (payload as Prisma.InputJsonValue | null) ?? Prisma.JsonNull,
});

const linkOfRow = ({ seq, at, ...row }: Row): AuditLink => ({ ...row, seq: Number(seq), at: at.toISOString() });

function checkForms(formless: readonly string[]): void {
  if (formless.length > 0)
    throw new DomainError('internal-error', `The audit records ${formless.join(', ')} have no canonical form.`);
}
