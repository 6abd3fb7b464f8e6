import type { Actor, AdjustThreshold, ThresholdAdjustment } from '@gimbal/contracts';
import { type DatabaseTransaction, isTaken } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { ManifestService } from '../manifests/manifest.service.js';
import { SignOlderVersions } from '../manifests/sign-older-versions.js';
import { thresholdInForce } from '../models/show-version.js';
import { findVersion, lockModel } from '../models/version.repository.js';
import { addPlan, findPlan } from '../traffic/traffic-plan.repository.js';
import { TrafficWatch } from '../traffic/traffic-watch.js';

type Adjustment = z.output<typeof ThresholdAdjustment>;

/** A threshold that a decision puts in place of the one in force. */
export interface WantedThreshold {
  readonly model: string;
  readonly version: number;
  readonly request: z.output<typeof AdjustThreshold>;
  readonly actor: Actor;
}

/** Moves the probability from which a version answers 1. The version itself, its file included, stays as it was learned. */
@Injectable()
export class ThresholdService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly watch: TrafficWatch,
    private readonly manifests: ManifestService,
    private readonly older: SignOlderVersions,
  ) {}

  /**
   * Safe to repeat with the same `decisionId`.
   * @throws DomainError `model-not-found`, `version-not-found`; `revision-conflict` when the threshold in force is not the expected
   *   one; `manifest-not-found` when nothing was signed of the version; `idempotency-key-reused` when the decision adjusted something else
   */
  async adjust(wanted: WantedThreshold): Promise<Adjustment> {
    await this.older.finish();
    const adjustment = await this.database
      .change(async (tx) => {
        await lockModel(tx, wanted.model);
        return (await findAdjustment(tx, wanted)) ?? (await this.write(tx, wanted));
      })
      .catch((error: unknown) => {
        // Two models were asked at the same moment under one id; each took its own turn.
        throw isTaken(error) ? reusedDecision() : error;
      });
    this.watch.changed();
    return adjustment;
  }

  private async write(
    tx: DatabaseTransaction,
    { model, version, request, actor }: WantedThreshold,
  ): Promise<Adjustment> {
    const { decisionId, threshold: to, expectedThreshold, reason } = request;
    const row = await findVersion(tx, model, version);
    const from = thresholdInForce(row);
    if (from !== expectedThreshold) {
      throw new DomainError('revision-conflict', `The threshold in force is ${from}. Read it again and decide anew.`);
    }
    const at = await timeAfterLast(tx, model, version);
    await tx.thresholdAdjustment.create({
      data: {
        decisionId,
        modelName: model,
        version,
        fromThreshold: from,
        toThreshold: to,
        reason,
        decidedBy: actor.name,
        createdAt: at,
      },
    });
    await this.vouch(tx, row, { threshold: to, signedBy: actor.name });
    // Serving learns it as it learns all else: by a new revision of the plan.
    const plan = (await findPlan(tx, model))?.plan ?? { live: null };
    const revision = await addPlan(tx, {
      model,
      plan,
      actor: actor.name,
      reason: `Threshold of version ${version}: ${reason}`,
      at,
    });
    await this.audit.record(tx, {
      action: 'threshold.adjusted',
      key: decisionId,
      subject: auditSubject(model, version),
      actor: actor.name,
      at,
      payload: { decision_id: decisionId, from, to, revision, reason },
    });
    return { decisionId, modelName: model, version, from, to, at: at.toISOString() };
  }

  /** Serving goes by the threshold that is signed. @throws DomainError `manifest-not-found` when nothing was signed of the version */
  private async vouch(
    tx: DatabaseTransaction,
    version: { readonly id: string },
    { threshold, signedBy }: { readonly threshold: number; readonly signedBy: string },
  ): Promise<void> {
    const signed = await this.manifests.amend(tx, { versions: [version], decided: { threshold }, signedBy });
    if (signed === 0)
      throw new DomainError(
        'manifest-not-found',
        'The version has no manifest by a key of the registry; an administrator can have it signed.',
      );
  }
}

async function findAdjustment(
  tx: DatabaseTransaction,
  { model, version, request }: WantedThreshold,
): Promise<Adjustment | null> {
  const row = await tx.thresholdAdjustment.findUnique({ where: { decisionId: request.decisionId } });
  if (!row) return null;
  if (row.modelName !== model || row.version !== version || row.toThreshold !== request.threshold) {
    throw reusedDecision();
  }
  const { decisionId, fromThreshold, toThreshold, createdAt } = row;
  return { decisionId, modelName: model, version, from: fromThreshold, to: toThreshold, at: createdAt.toISOString() };
}

const reusedDecision = (): DomainError =>
  new DomainError('idempotency-key-reused', 'This decision adjusted another version or set another threshold.');

/** The last row is in force, so two adjustments never share a time, not even when a clock steps back. */
async function timeAfterLast(tx: DatabaseTransaction, model: string, version: number): Promise<Date> {
  const last = await tx.thresholdAdjustment.aggregate({
    where: { modelName: model, version },
    _max: { createdAt: true },
  });
  return new Date(Math.max(Date.now(), (last._max.createdAt?.getTime() ?? 0) + 1));
}
