import type { Actor } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import type { PromotionVerdict } from '@gimbal/domain';
import { type AuditedEvent, AuditTrail, OutboxRelay, OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { ManifestService } from '../manifests/manifest.service.js';
import type { VersionRow } from '../models/show-version.js';
import { encodeVerdict, showVerdict } from '../promotion/promotion.repository.js';
import { WebhookEvents } from '../webhooks/webhook-events.js';

type ToldVersion = Pick<
  VersionRow,
  | 'id'
  | 'modelName'
  | 'version'
  | 'trainingRunId'
  | 'decisionId'
  | 'algorithm'
  | 'artifactDigest'
  | 'source'
  | 'sourceRun'
  | 'runId'
  | 'tags'
  | 'description'
  | 'createdAt'
>;

/** A version that was added, as the gate found it. */
export interface RegisteredVersion {
  readonly row: ToldVersion;
  /** Null for a version that serving cannot run: nothing of it is judged. */
  readonly verdict: PromotionVerdict | null;
  readonly actor: Actor;
}

/** What a model is registered with besides its name. */
interface ModelNotes {
  readonly tags?: Readonly<Record<string, string>>;
  readonly description?: string;
}

const Tags = z.record(z.string(), z.string());

/** Tells everybody of new models and versions, in the transaction that adds them: the agent, the audit chain, webhooks; and vouches for versions
 * that serving can run by their manifests. */
@Injectable()
export class RegistrationNews {
  constructor(
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly events: WebhookEvents,
    private readonly manifests: ManifestService,
    private readonly relay: OutboxRelay,
  ) {}

  async tellModel(
    tx: DatabaseTransaction,
    name: string,
    { tags = {}, description = '' }: ModelNotes = {},
  ): Promise<void> {
    await this.events.tell(tx, 'registered_model.created', { name, tags, description });
  }

  async tellVersion(tx: DatabaseTransaction, told: RegisteredVersion): Promise<void> {
    await this.tellOthers(tx, told);
    await this.audit.record(tx, this.describe(told));
  }

  /** Call when news was committed that a statement wrote by itself. */
  passOn(): void {
    this.relay.wake();
  }

  /** What the audit chain is told. */
  describe({ row, verdict, actor }: RegisteredVersion): AuditedEvent<AuditedAction> {
    const { id, modelName, version, trainingRunId, decisionId, algorithm, artifactDigest, createdAt } = row;
    return {
      action: 'model.version-registered',
      key: id,
      subject: auditSubject(modelName, version),
      actor: actor.name,
      at: createdAt,
      payload: {
        algorithm,
        artifact_digest: artifactDigest,
        training_run_id: trainingRunId,
        decision_id: decisionId,
        gate: verdict && encodeVerdict(verdict),
      },
    };
  }

  /** Everybody but the audit chain. */
  async tellOthers(tx: DatabaseTransaction, { row, verdict, actor }: RegisteredVersion): Promise<void> {
    const { modelName, version } = row;
    if (verdict) await this.manifests.sign(tx, row.id, actor.name);
    if (verdict) await this.tellAgent(tx, row, verdict);
    await this.events.tell(tx, 'model_version.created', {
      name: modelName,
      version: String(version),
      source: row.source ?? '',
      run_id: row.sourceRun ?? row.runId?.replaceAll('-', '') ?? null,
      tags: Tags.parse(row.tags),
      description: row.description || null,
    });
  }

  private async tellAgent(
    tx: DatabaseTransaction,
    { id, modelName, version, trainingRunId, decisionId }: RegisteredVersion['row'],
    verdict: PromotionVerdict,
  ): Promise<void> {
    await this.outbox.enqueue(tx, 'version.registered', {
      v: 1,
      modelVersionId: id,
      modelName,
      modelVersion: version,
      trainingRunId,
      decisionId,
      gate: showVerdict(verdict),
    });
  }
}
