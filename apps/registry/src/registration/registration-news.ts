import type { Actor } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import type { PromotionVerdict } from '@gimbal/domain';
import { AuditTrail, OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import type { VersionRow } from '../models/show-version.js';
import { encodeVerdict, showVerdict } from '../promotion/promotion.repository.js';
import { WebhookEvents } from '../webhooks/webhook-events.js';

/** A version that was added, as the gate found it. */
export interface RegisteredVersion {
  readonly row: VersionRow;
  readonly verdict: PromotionVerdict;
  readonly actor: Actor;
}

/** Tells everybody of new models and versions, in the transaction that adds them: the agent, the audit chain, webhooks. */
@Injectable()
export class RegistrationNews {
  constructor(
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly events: WebhookEvents,
  ) {}

  async tellModel(tx: DatabaseTransaction, name: string): Promise<void> {
    await this.events.tell(tx, 'registered_model.created', { name, tags: {}, description: '' });
  }

  async tellVersion(tx: DatabaseTransaction, { row, verdict, actor }: RegisteredVersion): Promise<void> {
    const { id, modelName, version, trainingRunId, decisionId, algorithm, artifactDigest, createdAt } = row;
    await this.outbox.enqueue(tx, 'version.registered', {
      v: 1,
      modelVersionId: id,
      modelName,
      modelVersion: version,
      trainingRunId,
      decisionId,
      gate: showVerdict(verdict),
    });
    await this.audit.record(tx, {
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
        gate: encodeVerdict(verdict),
      },
    });
    await this.events.tell(tx, 'model_version.created', {
      name: modelName,
      version: String(version),
      source: row.source ?? '',
      run_id: row.sourceRun ?? row.runId?.replaceAll('-', '') ?? null,
      tags: {},
      description: row.description || null,
    });
  }
}
