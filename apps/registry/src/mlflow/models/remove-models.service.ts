import { type Actor, hasRole } from '@gimbal/contracts';
import { type DatabaseReader, type DatabaseTransaction, isReferredTo } from '@gimbal/db';
import { DomainError, versionsInPlan } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { AliasMoves } from '../../aliases/alias-moves.js';
import { type AuditedAction, auditSubject } from '../../audit/audited-action.js';
import { Database } from '../../database/database.js';
import { ManifestService } from '../../manifests/manifest.service.js';
import { LIVE_ALIAS } from '../../models/version.repository.js';
import { findPolicy } from '../../promotion-policy/policy.repository.js';
import { dropLoggedModels } from '../../registration/logged-model-files.js';
import { findPlan } from '../../traffic/traffic-plan.repository.js';
import { TrafficWatch } from '../../traffic/traffic-watch.js';
import { MlflowError } from '../mlflow-error.js';
import { checkModelName } from './check-names.js';
import { keyOf, modelNotThere, type VersionName, versionNotThere } from './model-reads.js';

const keep = (detail: string): DomainError => new DomainError('invalid-transition', detail);

/** Gives models other names, and removes models and versions: what is live, was live or is referred to stays. */
@Injectable()
export class RemoveModelsService {
  constructor(
    private readonly database: Database,
    private readonly aliases: AliasMoves,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly watch: TrafficWatch,
    private readonly manifests: ManifestService,
  ) {}

  /**
   * Gives a model another name; versions, aliases and histories go with it. The name of a model that was trained or live here stands in
   * predictions, reports and decisions, which are history: it stays.
   * @throws MlflowError in MLflow's words; DomainError `invalid-transition`, `role-required`
   */
  async rename(name: string, newName: string, actor: Actor): Promise<void> {
    checkModelName(newName);
    await this.change(async (tx) => {
      await takeTurn(tx, name);
      if (name === newName) return;
      const other = await tx.model.findUnique({ where: { name: newName }, select: { id: true } });
      if (other) throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Registered Model (name=${newName}) already exists.`);
      const known = await findKnown(tx, name);
      if (known) throw keep(`Model ${name} can't be renamed: ${known}`);
      await checkPolicy(tx, name, actor);
      await tx.model.update({ where: { name }, data: { name: newName } });
      await this.vouchAgain(tx, newName, actor);
      await this.tell(tx, {
        action: 'model.renamed',
        model: newName,
        version: null,
        actor,
        payload: { from: name, to: newName },
      });
    });
    this.watch.changed();
  }

  /** @throws MlflowError in MLflow's words; DomainError `invalid-transition` with the reason why it stays, `role-required` */
  async deleteModel(name: string, actor: Actor): Promise<void> {
    await this.change(async (tx) => {
      await takeTurn(tx, name);
      const known = await findKnown(tx, name);
      if (known) throw keep(`Model ${name} can't be deleted: ${known}`);
      await checkPolicy(tx, name, actor);
      for (const alias of await tx.modelAlias.findMany({ where: { modelName: name } }))
        await tx.modelAlias.delete({ where: { modelName_alias: { modelName: name, alias: alias.alias } } });
      const files = await tx.modelVersion.findMany({ where: { modelName: name }, select: { loggedModelId: true } });
      // A version is made from one with a lower number: the last goes first.
      await deleteLayers(tx, name);
      await dropLoggedModels(tx, files);
      await tx.model.delete({ where: { name } });
      await this.tell(tx, { action: 'model.deleted', model: name, version: null, actor, payload: {} });
    });
    this.watch.changed();
  }

  /** The aliases of the version go with it. @throws MlflowError in MLflow's words; DomainError `invalid-transition` with the reason why it stays */
  async deleteVersion(named: VersionName, actor: Actor): Promise<void> {
    const { modelName, version } = keyOf(named);
    await this.change(async (tx) => {
      await takeTurn(tx, modelName);
      const where = { modelName_version: { modelName, version } };
      const row = await tx.modelVersion.findUnique({ where, include: { aliases: true } });
      if (!row) throw versionNotThere(named);
      const reason = await findUse(tx, row);
      if (reason) throw keep(`Version ${version} of ${modelName} can't be deleted: ${reason}`);
      const at = new Date();
      for (const { alias } of row.aliases) {
        const removal = { model: modelName, alias, from: version, decisionId: null, at };
        await this.aliases.remove(tx, { ...removal, actor: actor.name, reason: 'Its version was deleted.' });
      }
      await tx.modelVersion.delete({ where });
      await dropLoggedModels(tx, [row]);
      await tx.model.update({ where: { name: modelName }, data: { updatedAt: at } });
      const payload = { source: row.source, artifact_digest: row.artifactDigest };
      await this.tell(tx, { action: 'model.version-deleted', model: modelName, version, actor, payload });
    });
  }

  /** Whatever we did not think of: a row that another row refers to is not deleted. */
  private async change(work: (tx: DatabaseTransaction) => Promise<void>): Promise<void> {
    try {
      await this.database.change(work);
    } catch (error) {
      if (!isReferredTo(error)) throw error;
      throw keep('It is referred to by predictions, reports or other versions, and stays.');
    }
  }

  /** Manifests say what their version is called. */
  private async vouchAgain(tx: DatabaseTransaction, modelName: string, actor: Actor): Promise<void> {
    const versions = await tx.modelVersion.findMany({ where: { modelName }, select: { id: true } });
    await this.manifests.amend(tx, { versions, decided: { modelName }, signedBy: actor.name });
  }

  private async tell(
    tx: DatabaseTransaction,
    told: { action: AuditedAction; model: string; version: number | null; actor: Actor; payload: object },
  ): Promise<void> {
    const { action, model, version, actor, payload } = told;
    const at = new Date();
    const subject = auditSubject(model, version);
    const key = `${subject}:${at.getTime()}`;
    await this.audit.record(tx, { action, key, subject, actor: actor.name, at, payload: { ...payload } });
  }
}

/** Everybody else who wants to change the model waits. @throws MlflowError when there is none */
async function takeTurn(tx: DatabaseTransaction, name: string): Promise<void> {
  checkModelName(name);
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM models WHERE name = ${name} FOR UPDATE`;
  if (rows.length === 0) throw modelNotThere(name);
}

/** A name that an admin set a policy for must not come free of it, for a model without one: only admins give such names up. */
async function checkPolicy(tx: DatabaseTransaction, name: string, { roles }: Actor): Promise<void> {
  const { revision } = await findPolicy(tx, name);
  if (revision > 0 && !hasRole(roles, 'admin'))
    throw new DomainError(
      'role-required',
      `Model ${name} has a promotion policy: only an admin may delete or rename it.`,
    );
}

/** Why others know the model by its name; null when nobody does. */
async function findKnown(db: DatabaseReader, modelName: string): Promise<string | null> {
  const used = await db.modelVersion.findFirst({
    where: { modelName, OR: [{ promotedAt: { not: null } }, { trainingRunId: { not: null } }] },
    orderBy: [{ isActive: 'desc' }, { version: 'asc' }],
    select: { version: true, isActive: true, promotedAt: true },
  });
  if (used?.isActive) return `version ${used.version} is live.`;
  if (used)
    return `version ${used.version} was ${used.promotedAt ? 'live' : 'trained here'}, and what came of it names the model.`;
  const decisions = await db.promotion.count({ where: { modelName } });
  return decisions > 0 ? 'decisions about its versions are on record.' : null;
}

interface DeletedVersion {
  readonly modelName: string;
  readonly version: number;
  readonly isActive: boolean;
  readonly promotedAt: Date | null;
  readonly aliases: readonly { readonly alias: string }[];
}

async function findUse(db: DatabaseReader, row: DeletedVersion): Promise<string | null> {
  const { modelName, version, isActive, promotedAt, aliases } = row;
  if (isActive || aliases.some(({ alias }) => alias === LIVE_ALIAS)) return 'it is live.';
  if (promotedAt !== null) return 'it was live, and predictions and decisions name it.';
  const plan = await findPlan(db, modelName);
  if (plan && versionsInPlan(plan.plan).includes(version)) return 'it is in the traffic plan; take it out first.';
  const decisions = await db.promotion.count({
    where: { modelName, OR: [{ toVersion: version }, { fromVersion: version }] },
  });
  return decisions > 0 ? 'decisions about it are on record.' : null;
}

/** Versions from which no other was made, again and again until there are none left. */
async function deleteLayers(tx: DatabaseTransaction, modelName: string): Promise<void> {
  for (;;) {
    const { count } = await tx.modelVersion.deleteMany({ where: { modelName, children: { none: {} } } });
    if (count === 0) return;
  }
}
