import { TrafficPlan } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import type { VersionRow } from '../models/show-version.js';
import { addAction } from './add-agent-action.js';
import { versionId } from './add-version.js';
import { joinDeployments } from './join-deployments.js';
import type { LineageGraph } from './lineage-graph.js';

/** Plans that are looked at: those that named the version last. */
const PLANS_MAX = 2_000;

interface PlanRow {
  readonly plan: unknown;
  readonly revision: number;
  readonly from: Date;
  readonly until: Date | null;
  readonly reason: string;
  readonly by: string;
}

/** Finds when a version took part in answering, and which decisions of the agent put it live. @returns the nodes' ids */
export async function readDeployments(
  db: DatabaseReader,
  { modelName, version }: VersionRow,
  graph: LineageGraph,
): Promise<readonly string[]> {
  const rows = await db.$queryRaw<PlanRow[]>`
    SELECT plan, revision, "from", until, reason, by FROM (
      SELECT plan, revision, created_at AS "from", lead(created_at) OVER (ORDER BY revision) AS until, reason, updated_by AS by
      FROM traffic_plans WHERE model_name = ${modelName}
    ) p
    WHERE plan->'live' = to_jsonb(${version}::int) OR plan->'canary'->'version' = to_jsonb(${version}::int)
      OR plan->'shadow' @> to_jsonb(${version}::int) OR plan->'ab'->'arms' @> jsonb_build_array(jsonb_build_object('version', ${version}::int))
    ORDER BY revision DESC LIMIT ${PLANS_MAX}`;
  const periods = rows.toReversed().map((row) => ({ ...row, plan: TrafficPlan.parse(row.plan) }));
  const newest = joinDeployments(version, periods).toSorted((one, other) => other.from.getTime() - one.from.getTime());
  const decided = await findDecidingActions(db, modelName, version);
  return graph.take('deployment', newest).map(({ role, percent, revision, from, until, reason, by }) => {
    const node = graph.add({
      kind: 'deployment',
      key: `${modelName}/${version}/${role}/${revision}`,
      label: `${modelName} ${version} ${role}`,
      at: from,
      until,
      facts: { role, percent, reason, decided_by: by },
    });
    graph.link(versionId(modelName, version), 'deployed-as', node);
    const action = role === 'live' ? decided.get(from.getTime()) : undefined;
    if (action) graph.link(addAction(graph, action), 'asked-for', node);
    return node;
  });
}

/** Actions of the agent that put a version live, by the time at which they did: decision and plan are written at one time. */
async function findDecidingActions(db: DatabaseReader, modelName: string, version: number) {
  const promotions = await db.promotion.findMany({
    where: { modelName, toVersion: version, stage: 'production' },
    orderBy: { createdAt: 'desc' },
    take: PLANS_MAX,
    select: { decisionId: true, createdAt: true },
  });
  const actions = await db.agentAction.findMany({
    where: { id: { in: promotions.map(({ decisionId }) => decisionId) } },
  });
  return new Map(
    promotions.flatMap(({ decisionId, createdAt }) => {
      const action = actions.find(({ id }) => id === decisionId);
      return action ? [[createdAt.getTime(), action] as const] : [];
    }),
  );
}
