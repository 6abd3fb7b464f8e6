import { encodeWire, PromotionPolicy } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction } from '@gimbal/db';
import { OPEN_POLICY } from '@gimbal/domain';

/** The policy of a model, and who set it. */
export interface PolicyInForce {
  /** 0: none was set. */
  readonly revision: number;
  readonly policy: PromotionPolicy;
  readonly updatedBy: string | null;
  readonly updatedAt: Date | null;
}

const NONE_SET: PolicyInForce = {
  revision: 0,
  policy: { ...OPEN_POLICY, gate: {}, metrics: [], requiredTags: {}, soak: null },
  updatedBy: null,
  updatedAt: null,
};

export async function findPolicy(db: DatabaseReader, model: string): Promise<PolicyInForce> {
  const row = await db.promotionPolicy.findFirst({ where: { modelName: model }, orderBy: { revision: 'desc' } });
  if (!row) return NONE_SET;
  const { revision, policy, updatedBy, createdAt } = row;
  return { revision, policy: PromotionPolicy.parse(policy), updatedBy, updatedAt: createdAt };
}

/** A model's next policy. */
export interface NextPolicy {
  readonly model: string;
  readonly policy: PromotionPolicy;
  readonly reason: string;
  readonly actor: string;
  readonly at: Date;
}

/** Adds the next revision. The caller holds the model's turn. */
export async function addPolicy(
  tx: DatabaseTransaction,
  { model, policy, reason, actor, at }: NextPolicy,
): Promise<PolicyInForce> {
  const { revision: present } = await findPolicy(tx, model);
  const revision = present + 1;
  await tx.promotionPolicy.create({
    data: {
      modelName: model,
      revision,
      policy: encodeWire(PromotionPolicy, policy),
      reason,
      updatedBy: actor,
      createdAt: at,
    },
  });
  return { revision, policy, updatedBy: actor, updatedAt: at };
}
