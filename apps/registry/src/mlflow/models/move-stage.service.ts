import { randomUUID } from 'node:crypto';
import type { Actor, MlflowRequest, Stage } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import { DomainError, versionsInPlan } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { type AuditedAction, auditSubject } from '../../audit/audited-action.js';
import { Database } from '../../database/database.js';
import { findLiveVersion, lockModel } from '../../models/version.repository.js';
import { PromotionService } from '../../promotion/promotion.service.js';
import { moveStage } from '../../promotion/stage-history.repository.js';
import { findPlan } from '../../traffic/traffic-plan.repository.js';
import { invalidParameter } from '../mlflow-error.js';
import { findVersion, keyOf, type VersionName } from './model-reads.js';
import type { ShownVersion } from './show-models.js';
import { readStage } from './stages.js';

type Request = MlflowRequest<'transitionModelVersionStage'>;

const REASON = "Set by MLflow's transition-stage.";

/** Stages that MLflow calls active: moving a version there may archive those that are there. */
const ACTIVE: readonly Stage[] = ['staging', 'production'];

/**
 * Stages as MLflow's clients set them. They are labels, but for Production of a version that serving can run: that one answers from then
 * on, so it is promoted like any other, by the gate and the policy of its model, and one that was live before comes back by a rollback.
 */
@Injectable()
export class MoveStageService {
  constructor(
    private readonly database: Database,
    private readonly promotions: PromotionService,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** @throws MlflowError in MLflow's words; DomainError as {@link PromotionService.promote}, and `invalid-transition` for the live version */
  async move(request: Request, actor: Actor): Promise<ShownVersion> {
    const to = readStage(request.stage);
    const archivesOthers = request.archive_existing_versions;
    if (archivesOthers && !ACTIVE.includes(to))
      throw invalidParameter(
        `Model version transition cannot archive existing model versions because '${request.stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
      );
    const version = await findVersion(this.database.reader, request);
    const goesLive = to === 'production' && version.unservedReason === null;
    if (goesLive) await this.putLive(request, version, actor);
    await this.database.change(async (tx) => {
      await lockModel(tx, request.name);
      if (!goesLive) await this.label(tx, request, { to, actor });
      if (archivesOthers) await this.archiveOthers(tx, request, { stage: to, actor });
    });
    return await findVersion(this.database.reader, request);
  }

  private async putLive(named: VersionName, { version, stage }: ShownVersion, actor: Actor): Promise<void> {
    const { reader: db } = this.database;
    const live = await findLiveVersion(db, named.name);
    if (live?.version === version) return;
    const decision = { decisionId: randomUUID(), reason: REASON };
    const row = await db.modelVersion.findUniqueOrThrow({ where: { modelName_version: keyOf(named) } });
    if (row.promotedAt !== null && live) {
      const request = { ...decision, expectedLiveVersion: live.version, toVersion: version };
      await this.promotions.rollback({ model: named.name, request, actor });
      return;
    }
    const request = {
      ...decision,
      stage: 'production',
      expectedLiveVersion: live?.version ?? null,
      force: false,
    } as const;
    const promote = () => this.promotions.promote({ model: named.name, version, request, actor });
    await (stage === 'archived' ? this.bringBack(named, actor, promote) : promote());
  }

  /** Archived by hand and never live: MLflow lets it come back. One that is refused is archived again. */
  private async bringBack(named: VersionName, actor: Actor, promote: () => Promise<unknown>): Promise<void> {
    const relabel = (to: Stage) =>
      this.database.change(async (tx) => {
        await lockModel(tx, named.name);
        await this.label(tx, named, { to, actor });
      });
    await relabel('training');
    try {
      await promote();
    } catch (error) {
      await relabel('archived');
      throw error;
    }
  }

  /** The caller holds the model's turn. */
  private async label(
    tx: DatabaseTransaction,
    named: VersionName,
    { to, actor }: { readonly to: Stage; readonly actor: Actor },
  ): Promise<void> {
    const { modelName: model, version } = keyOf(named);
    const { stage: from } = await findVersion(tx, named);
    if (from === to) return;
    const live = await findLiveVersion(tx, model);
    if (live?.version === version)
      throw new DomainError(
        'invalid-transition',
        `Version ${version} is live: put another version live, or roll back.`,
      );
    const plan = to === 'archived' ? await findPlan(tx, model) : null;
    if (plan && versionsInPlan(plan.plan).includes(version))
      throw new DomainError('invalid-transition', `Version ${version} is in the traffic plan; take it out first.`);
    await this.setStage(tx, { model, version, from, to, actor });
  }

  private async archiveOthers(
    tx: DatabaseTransaction,
    named: VersionName,
    { stage, actor }: { readonly stage: Stage; readonly actor: Actor },
  ): Promise<void> {
    const { modelName: model, version } = keyOf(named);
    const others = await tx.modelVersion.findMany({
      where: { modelName: model, version: { not: version }, stage, isActive: false },
      select: { version: true },
    });
    const plan = await findPlan(tx, model);
    const inPlan = plan ? versionsInPlan(plan.plan) : [];
    for (const other of others)
      if (!inPlan.includes(other.version))
        await this.setStage(tx, { model, version: other.version, from: stage, to: 'archived', actor });
  }

  private async setStage(
    tx: DatabaseTransaction,
    { from, actor, ...move }: { model: string; version: number; from: Stage; to: Stage; actor: Actor },
  ): Promise<void> {
    const at = new Date();
    await moveStage(tx, { ...move, actor: actor.name, reason: REASON, decisionId: null, at });
    await this.audit.record(tx, {
      action: 'model.stage-set',
      key: `${move.model}/${move.version}:${at.getTime()}`,
      subject: auditSubject(move.model, move.version),
      actor: actor.name,
      at,
      payload: { from, to: move.to, reason: REASON },
    });
  }
}
