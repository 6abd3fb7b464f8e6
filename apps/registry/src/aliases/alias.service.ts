import type { Actor, Alias, AliasHistory, Paging, PutAlias } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { AuditTrail, cutPage, decodeCursor, type PageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { findVersion, LIVE_ALIAS, lockModel, requireModel } from '../models/version.repository.js';
import { findAlias, findMoveAt, listMoves } from './alias.repository.js';
import { AliasMoves } from './alias-moves.js';

type AliasState = z.output<typeof Alias>;
type AliasHistoryItem = z.output<typeof AliasHistory>['items'][number];

/** Running number of the last move shown. */
const MoveMark = z.tuple([z.int().min(0)]);

/** Names for versions, with the whole history of what each pointed at. */
@Injectable()
export class AliasService {
  constructor(
    private readonly database: Database,
    private readonly moves: AliasMoves,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** What the alias points at now, or pointed at a time. @throws DomainError `model-not-found`, `alias-not-found` */
  async get(model: string, alias: string, at: Date | undefined): Promise<AliasState> {
    const db = this.database.reader;
    const found = at
      ? showMove(model, alias, await findMoveAt(db, model, alias, at))
      : showAlias(await findAlias(db, model, alias));
    if (found) return found;
    await requireModel(db, model);
    throw new DomainError(
      'alias-not-found',
      `Model ${model} ${at ? 'had' : 'has'} no alias ${alias}${at ? ' then' : ''}.`,
    );
  }

  /**
   * Points an alias at a version; where it points there already, nothing is written.
   * @throws DomainError `invalid-transition` for `live`; `model-not-found`, `version-not-found`
   */
  async put(
    model: string,
    alias: string,
    { version, reason }: z.output<typeof PutAlias>,
    actor: Actor,
  ): Promise<AliasState> {
    if (alias === LIVE_ALIAS)
      throw new DomainError('invalid-transition', 'The alias live moves only by promotion or rollback.');
    return await this.database.change(async (tx) => {
      await lockModel(tx, model);
      await findVersion(tx, model, version);
      const present = await findAlias(tx, model, alias);
      const same = present?.version === version ? showAlias(present) : null;
      if (same) return same;
      const from = present?.version ?? null;
      const at = new Date();
      const move = await this.moves.move(tx, {
        model,
        alias,
        from,
        to: version,
        actor: actor.name,
        reason,
        decisionId: null,
        at,
      });
      await this.audit.record(tx, {
        action: 'alias.moved',
        key: String(move),
        subject: auditSubject(model, version),
        actor: actor.name,
        at,
        payload: { alias, from, to: version, reason },
      });
      return { alias, modelName: model, version, movedBy: actor.name, movedAt: at.toISOString() };
    });
  }

  /** @throws DomainError `model-not-found`, `alias-not-found`, `invalid-cursor` */
  async history(
    model: string,
    alias: string,
    { limit, cursor }: z.output<typeof Paging>,
  ): Promise<PageOf<AliasHistoryItem>> {
    const [before] = decodeCursor(MoveMark, cursor) ?? [];
    const rows = await listMoves(this.database.reader, { model, alias, take: limit + 1, before });
    if (rows.length === 0 && before === undefined) await this.get(model, alias, undefined);
    return cutPage(rows, { limit, show: showHistory, place: ({ id }) => [Number(id)] });
  }
}

function showAlias(row: Awaited<ReturnType<typeof findAlias>>): AliasState | null {
  if (!row) return null;
  const { alias, modelName, version, updatedBy, updatedAt } = row;
  return { alias, modelName, version, movedBy: updatedBy, movedAt: updatedAt.toISOString() };
}

function showMove(model: string, alias: string, row: Awaited<ReturnType<typeof findMoveAt>>): AliasState | null {
  if (!row || row.version === null) return null;
  return {
    alias,
    modelName: model,
    version: row.version,
    movedBy: row.changedBy,
    movedAt: row.changedAt.toISOString(),
  };
}

const showHistory = (row: Awaited<ReturnType<typeof listMoves>>[number]): AliasHistoryItem => ({
  fromVersion: row.previousVersion,
  toVersion: row.version,
  actor: row.changedBy,
  reason: row.reason,
  decisionId: row.decisionId,
  at: row.changedAt.toISOString(),
});
