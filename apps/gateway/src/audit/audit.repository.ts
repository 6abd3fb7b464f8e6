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

/** The table `audit_log`: append-only, written by the gateway alone, one writer at a time. */
@Injectable()
export class AuditRepository {
  /** The newest link this process knows to have existed: a chain that ends before it was cut. */
  private seen: ChainHead = EMPTY_CHAIN;

  constructor(private readonly database: Database) {}

  /** Appends one record in a transaction of its own. A record that is there already changes nothing. */
  async record(record: AuditRecord): Promise<void> {
    const head = await this.database.change((transaction) => this.append(transaction, record));
    this.remember(head);
  }

  /**
   * Appends a record within the caller's transaction, so that the deed and its trace are one. Take it as the last step: from here to the
   * end of the transaction no other writer can append.
   * @returns the head of the chain after it
   */
  async append(transaction: Prisma.TransactionClient, record: AuditRecord): Promise<ChainHead> {
    const storable: AuditRecord = {
      eventId: storableText(record.eventId),
      at: new Date(record.at).toISOString(),
      service: storableText(record.service),
      actor: storableText(record.actor),
      action: storableText(record.action),
      subject: storableText(record.subject),
      payload: storableValue(record.payload),
    };
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${CHAIN_LOCK})`;
    const head = await headOf(transaction);
    const known = await transaction.auditEntry.count({ where: { eventId: storable.eventId } });
    if (known > 0) return head;
    const link = linkRecord(storable, head, sha256Hex);
    if (!link) throw new DomainError('internal-error', `The audit record ${record.eventId} has no canonical form.`);
    const { payload, seq, ...columns } = link;
    await transaction.auditEntry.create({
      // JSON, since it has a canonical form; the JSON value null is not the SQL NULL, which the column refuses.
      data: { ...columns, seq: BigInt(seq), payload: (payload as Prisma.InputJsonValue | null) ?? Prisma.JsonNull },
    });
    return { seq, hash: link.hash };
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

const linkOfRow = ({ seq, at, ...row }: Row): AuditLink => ({ ...row, seq: Number(seq), at: at.toISOString() });
