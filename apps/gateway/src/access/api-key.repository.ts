import { ROLES, type Role } from '@gimbal/contracts';
import type { Prisma } from '@gimbal/db';
import { NEWEST_FIRST, olderThan } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** A key that opens the door, as it is kept in memory. */
export interface ActiveKey {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly roles: readonly Role[];
  readonly expiresAt: Date | null;
}

export interface NewKey {
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  readonly roles: readonly Role[];
  readonly owner: string | null;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
}

/** A key as people see it. */
export type KeyRow = Prisma.ApiKeyGetPayload<{ include: { user: true } }>;

/** Words in the database that are no roles grant nothing. */
export const knownRoles = (words: readonly string[]): Role[] => ROLES.filter((role) => words.includes(role));

/** The table `api_keys`, which the gateway alone writes. */
@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  /** Differs from the last one when a key was made or revoked, or an owner disabled: none of these is ever undone by deleting. */
  async mark(): Promise<string> {
    const [row] = await this.database.reader.$queryRaw<Array<{ mark: string }>>`
      SELECT concat_ws('/', count(*), count(revoked_at), (SELECT count(disabled_at) FROM users)) AS mark FROM api_keys`;
    return row?.mark ?? '';
  }

  /** All keys that are neither revoked nor expired nor of a disabled owner. */
  async active(): Promise<readonly ActiveKey[]> {
    const rows = await this.database.reader.apiKey.findMany({
      where: {
        revokedAt: null,
        AND: [
          { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] },
          { OR: [{ userId: null }, { user: { disabledAt: null } }] },
        ],
      },
      select: { id: true, name: true, hash: true, roles: true, expiresAt: true },
    });
    return rows.map((row) => ({ ...row, roles: knownRoles(row.roles) }));
  }

  /** Adds a key, and its owner when nobody of that name is known yet. */
  async add(transaction: Prisma.TransactionClient, { owner, roles, ...key }: NewKey): Promise<KeyRow> {
    const user =
      owner === null
        ? null
        : await transaction.user.upsert({ where: { name: owner }, create: { name: owner }, update: {} });
    return transaction.apiKey.create({
      data: { ...key, roles: [...roles], userId: user?.id ?? null },
      include: { user: true },
    });
  }

  /** Revokes a key that is not yet; `unknown` when there is no such key. */
  async revoke(
    transaction: Prisma.TransactionClient,
    { id, by, at }: { readonly id: string; readonly by: string; readonly at: Date },
  ): Promise<'revoked' | 'was-revoked' | 'unknown'> {
    const { count } = await transaction.apiKey.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: at, revokedBy: by },
    });
    if (count > 0) return 'revoked';
    return (await transaction.apiKey.count({ where: { id } })) > 0 ? 'was-revoked' : 'unknown';
  }

  /** Keys newest first, after the cursor. @throws DomainError `invalid-cursor` */
  async list(limit: number, cursor: string | undefined): Promise<readonly KeyRow[]> {
    return this.database.reader.apiKey.findMany({
      where: olderThan(cursor),
      orderBy: NEWEST_FIRST,
      take: limit,
      include: { user: true },
    });
  }

  async markUsed(ids: readonly string[], at: Date): Promise<void> {
    await this.database.reader.apiKey.updateMany({ where: { id: { in: [...ids] } }, data: { lastUsedAt: at } });
  }
}
