import {
  type Actor,
  encodeWire,
  PromotionPolicy,
  type PromotionPolicyState,
  type PutPromotionPolicy,
} from '@gimbal/contracts';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { lockModel, requireModel } from '../models/version.repository.js';
import { addPolicy, findPolicy, type PolicyInForce } from './policy.repository.js';

type State = z.output<typeof PromotionPolicyState>;

/** What a model's versions must fulfil to go live. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** @throws DomainError `model-not-found` */
  async get(model: string): Promise<State> {
    const db = this.database.reader;
    await requireModel(db, model);
    return showPolicy(model, await findPolicy(db, model));
  }

  /** Sets a policy in place of the one before; what is live stays live. @throws DomainError `model-not-found` */
  async put(model: string, request: z.output<typeof PutPromotionPolicy>, actor: Actor): Promise<State> {
    const { policy, reason } = request;
    return await this.database.change(async (tx) => {
      await lockModel(tx, model);
      const at = new Date();
      const set = await addPolicy(tx, { model, policy, reason, actor: actor.name, at });
      await this.audit.record(tx, {
        action: 'promotion-policy.set',
        key: `${model}:${set.revision}`,
        subject: auditSubject(model, null),
        actor: actor.name,
        at,
        payload: { revision: set.revision, policy: encodeWire(PromotionPolicy, policy), reason },
      });
      return showPolicy(model, set);
    });
  }
}

const showPolicy = (model: string, { revision, policy, updatedBy, updatedAt }: PolicyInForce): State => ({
  modelName: model,
  ...{ revision, policy, updatedBy },
  updatedAt: updatedAt?.toISOString() ?? null,
});
