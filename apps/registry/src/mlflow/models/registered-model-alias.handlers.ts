import type { Actor, MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { findAlias } from '../../aliases/alias.repository.js';
import { AliasService } from '../../aliases/alias.service.js';
import { AliasMoves } from '../../aliases/alias-moves.js';
import { type AuditedAction, auditSubject } from '../../audit/audited-action.js';
import { Database } from '../../database/database.js';
import { LIVE_ALIAS, lockModel } from '../../models/version.repository.js';
import { notThere } from '../mlflow-error.js';
import { checkAlias, checkNewAlias } from './check-names.js';
import { findModel, findVersion, keyOf } from './model-reads.js';
import { findByAlias } from './resolve-source.js';
import { SHOWN_VERSION, showVersion } from './show-models.js';

const REASON = "Set by MLflow's client.";

type Routes = 'setRegisteredModelAlias' | 'deleteRegisteredModelAlias' | 'getModelVersionByAlias';

/** Aliases as MLflow's clients move them: with the history and the audit of every move, and `live` only by promotion. */
@Injectable()
export class RegisteredModelAliasHandlers {
  readonly handlers: MlflowHandlers<Routes>;

  constructor(
    private readonly database: Database,
    private readonly aliases: AliasService,
    private readonly moves: AliasMoves,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {
    this.handlers = {
      setRegisteredModelAlias: (request, actor) => this.set(request, actor),
      deleteRegisteredModelAlias: (request, actor) => this.remove(request, actor),
      getModelVersionByAlias: (request) => this.get(request),
    };
  }

  private async set(request: MlflowRequest<'setRegisteredModelAlias'>, actor: Actor): Promise<object> {
    const alias = checkNewAlias(request.alias);
    await findVersion(this.database.reader, request);
    const { modelName, version } = keyOf(request);
    await this.aliases.put(modelName, alias, { version, reason: REASON }, actor);
    return {};
  }

  private async remove(
    { name, alias }: MlflowRequest<'deleteRegisteredModelAlias'>,
    { name: actor }: Actor,
  ): Promise<object> {
    checkAlias(alias);
    await findModel(this.database.reader, name);
    if (alias === LIVE_ALIAS)
      throw new DomainError('invalid-transition', 'The alias live moves only by promotion or rollback.');
    await this.database.change(async (tx) => {
      await lockModel(tx, name);
      const present = await findAlias(tx, name, alias);
      if (!present) return; // it is not there: that is what was asked for
      const { version: from } = present;
      const at = new Date();
      const removal = { model: name, alias, from, actor, reason: REASON, decisionId: null, at };
      const move = await this.moves.remove(tx, removal);
      await this.audit.record(tx, {
        action: 'alias.removed',
        key: String(move),
        subject: auditSubject(name, from),
        actor,
        at,
        payload: { alias, from, reason: REASON },
      });
    });
    return {};
  }

  private async get({ name, alias }: MlflowRequest<'getModelVersionByAlias'>): Promise<object> {
    checkAlias(alias);
    const db = this.database.reader;
    await findModel(db, name);
    if (alias.toLowerCase() !== 'latest') return { model_version: showVersion(await findByAlias(db, name, alias)) };
    const row = await db.modelVersion.findFirst({
      where: { modelName: name },
      orderBy: { version: 'desc' },
      select: SHOWN_VERSION,
    });
    if (!row) throw notThere(`Latest version not found for model ${name}.`);
    return { model_version: showVersion(row) };
  }
}
