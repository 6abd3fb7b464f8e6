import { TrafficPlan } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import type { SoakHistory } from '@gimbal/domain';

/** What a version was tried as since it was registered: every traffic plan of its model from then on, and every stage of its own. */
export async function readSoakHistory(
  db: DatabaseReader,
  { modelName, version, createdAt }: { readonly modelName: string; readonly version: number; readonly createdAt: Date },
): Promise<SoakHistory> {
  const plans = await db.trafficPlan.findMany({
    where: { modelName, createdAt: { gte: createdAt } },
    select: { plan: true, createdAt: true },
    orderBy: { revision: 'asc' },
  });
  const stages = await db.stageChange.findMany({
    where: { modelName, version },
    select: { toStage: true, changedAt: true },
    orderBy: { id: 'asc' },
  });
  return {
    version,
    plans: plans.map((row) => ({ at: row.createdAt.getTime(), value: TrafficPlan.parse(row.plan) })),
    stages: stages.map(({ toStage, changedAt }) => ({ at: changedAt.getTime(), value: toStage })),
  };
}
