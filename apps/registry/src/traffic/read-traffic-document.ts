import { ModelName, type TrafficDocument, TrafficPlan } from '@gimbal/contracts';
import type { DatabaseReader, Prisma } from '@gimbal/db';
import { versionsInPlan } from '@gimbal/domain';
import { VERSION_PARTS } from '../models/show-version.js';
import { readRollbackTargets } from '../promotion/promotion.repository.js';
import { planVersion } from './plan-version.js';

const PLANNED_PARTS = {
  ...VERSION_PARTS,
  manifests: { select: { signed: true }, orderBy: { id: 'desc' }, take: 1 },
} as const satisfies Prisma.ModelVersionInclude;

/**
 * A number that grows with every change of any plan: plans are append-only, so the sum of the models' last revisions can't stay the
 * same when one of them changes; and with every manifest, since one may be signed anew. One index look-up per model.
 */
export async function readTrafficMark(db: DatabaseReader): Promise<number> {
  const rows = await db.$queryRaw<{ mark: number }[]>`
    SELECT coalesce(sum((SELECT max(p.revision) FROM traffic_plans p WHERE p.model_name = m.name)), 0)::float8
      + coalesce((SELECT max(id) FROM version_manifests), 0)::float8 AS mark FROM models m`;
  return rows[0]?.mark ?? 0;
}

/** Everything that serving must know, of all models. Call it inside a snapshot, so that nobody sees half a change. */
export async function readPlannedModels(db: DatabaseReader): Promise<TrafficDocument['models']> {
  const plans = await db.$queryRaw<{ name: string; plan: unknown }[]>`
    SELECT m.name, p.plan FROM models m
    JOIN LATERAL (SELECT plan FROM traffic_plans WHERE model_name = m.name ORDER BY revision DESC LIMIT 1) p ON true
    ORDER BY m.name`;
  const targets = await readRollbackTargets(db);
  // A model that MLflow's clients named as serving can't is never live under that name.
  const served = plans.filter(({ name }) => ModelName.safeParse(name).success);
  const named = served.map(({ name, plan: stored }) => {
    const plan = TrafficPlan.parse(stored);
    return { modelName: name, plan, standby: plan.live === null ? undefined : targets.get(name) };
  });
  const wanted = named.flatMap(({ modelName, plan, standby }) =>
    [...versionsInPlan(plan), ...(standby === undefined ? [] : [standby])].map((version) => ({ modelName, version })),
  );
  const rows =
    wanted.length === 0
      ? []
      : await db.modelVersion.findMany({ where: { OR: wanted }, include: PLANNED_PARTS, orderBy: { version: 'asc' } });
  const rowsByModel = Map.groupBy(rows, ({ modelName }) => modelName);
  return named.map(({ modelName, plan, standby }) => {
    const own = rowsByModel.get(modelName) ?? [];
    const inPlan = new Set(versionsInPlan(plan));
    const ready = own.find(({ version }) => version === standby);
    return {
      modelName,
      plan,
      versions: own.filter(({ version }) => inPlan.has(version)).map(planSigned),
      standby: ready ? planSigned(ready) : null,
    };
  });
}

type PlannedRow = Prisma.ModelVersionGetPayload<{ include: typeof PLANNED_PARTS }>;

const planSigned = (row: PlannedRow) => planVersion(row, row.manifests[0]?.signed);
