import type { DatabaseTransaction } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { WebhookEvents } from '../webhooks/webhook-events.js';
import { type AliasMove, deleteAlias, recordMove, setAlias } from './alias.repository.js';

/** The one way in which aliases move: with their history, and with the webhooks that are told of it. */
@Injectable()
export class AliasMoves {
  constructor(private readonly events: WebhookEvents) {}

  /**
   * Points an alias at a version. The caller holds the model's turn, so `from` is what it points at.
   * @returns the running number of the move
   */
  async move(tx: DatabaseTransaction, move: AliasMove & { readonly to: number }): Promise<bigint> {
    await setAlias(tx, move);
    const { model: name, alias, to } = move;
    await this.events.tell(tx, 'model_version_alias.created', { name, alias, version: String(to) });
    return await recordMove(tx, move);
  }

  /** Takes an alias away. The caller holds the model's turn. @returns the running number of the move */
  async remove(tx: DatabaseTransaction, removal: Omit<AliasMove, 'to'>): Promise<bigint> {
    const { model: name, alias } = removal;
    await deleteAlias(tx, name, alias);
    await this.events.tell(tx, 'model_version_alias.deleted', { name, alias });
    return await recordMove(tx, { ...removal, to: null });
  }
}
