import { encodeWire, TrafficPlan } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction } from '@gimbal/db';

/** The plan in force of one model. */
export interface PlanInForce {
  readonly revision: number;
  readonly plan: TrafficPlan;
  readonly at: Date;
}

/** A model's next plan. */
export interface NextPlan {
  readonly model: string;
  readonly plan: TrafficPlan;
  readonly actor: string;
  readonly reason: string;
  readonly at: Date;
}

/** The first plan of a model is written with the model. A model without one breaks that promise. */
export async function findPlan(db: DatabaseReader, model: string): Promise<PlanInForce | null> {
  const row = await db.trafficPlan.findFirst({ where: { modelName: model }, orderBy: { revision: 'desc' } });
  return row && { revision: row.revision, plan: TrafficPlan.parse(row.plan), at: row.createdAt };
}

/** Adds the next revision. The caller holds the model's turn; two writers of one revision would collide on the key. */
export async function addPlan(tx: DatabaseTransaction, { model, plan, actor, reason, at }: NextPlan): Promise<number> {
  const present = await tx.trafficPlan.findFirst({
    where: { modelName: model },
    select: { revision: true },
    orderBy: { revision: 'desc' },
  });
  const revision = (present?.revision ?? 0) + 1;
  await tx.trafficPlan.create({
    data: { modelName: model, revision, plan: encodeWire(TrafficPlan, plan), reason, updatedBy: actor, createdAt: at },
  });
  return revision;
}
