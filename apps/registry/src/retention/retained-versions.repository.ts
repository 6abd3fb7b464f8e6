import { TrafficPlan } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { type RetainedVersion, type RetentionUse, versionsInPlan } from '@gimbal/domain';

/** A version with how it is used. */
export interface UsedVersion extends RetainedVersion {
  readonly id: string;
  readonly loggedModelId: string | null;
  readonly artifactBytes: number | null;
}

interface VersionFacts {
  readonly id: string;
  readonly loggedModelId: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly artifactBytes: number | null;
  readonly uses: readonly RetentionUse[];
}

/** All versions of a model with everything that refers to them, over the tables of all services. @param since who answered later than this did so lately */
export async function readUsedVersions(
  db: DatabaseReader,
  model: string,
  since: Date,
): Promise<readonly UsedVersion[]> {
  const rows = await readFacts(db, model);
  const traffic = await readTraffic(db, model, since);
  const answered = await findAnswered(
    db,
    rows.filter(({ version }) => traffic.ever.has(version)).map(({ id }) => id),
  );
  return rows.map(({ uses, ...row }) => ({
    ...row,
    uses: [
      ...(traffic.now.has(row.version) ? ['in-traffic' as const] : []),
      ...(traffic.lately.has(row.version) ? ['in-traffic-lately' as const] : []),
      ...(answered.has(row.id) ? ['predictions' as const] : []),
      ...uses,
    ],
  }));
}

async function readFacts(db: DatabaseReader, model: string): Promise<readonly VersionFacts[]> {
  return await db.$queryRaw<VersionFacts[]>`
    SELECT v.id, v.version, v.logged_model_id AS "loggedModelId", v.created_at AS "createdAt", v.artifact_bytes::float8 AS "artifactBytes", array_remove(ARRAY[
      CASE WHEN v.is_active THEN 'live' END,
      CASE WHEN EXISTS (SELECT 1 FROM model_aliases a WHERE a.model_name = v.model_name AND a.version = v.version) THEN 'alias' END,
      CASE WHEN EXISTS (SELECT 1 FROM model_versions c WHERE c.model_name = v.model_name AND c.parent_version = v.version) THEN 'parent' END,
      CASE WHEN EXISTS (SELECT 1 FROM promotions p WHERE p.model_name = v.model_name AND v.version IN (p.to_version, p.from_version))
        OR EXISTS (SELECT 1 FROM threshold_adjustments t WHERE t.model_name = v.model_name AND t.version = v.version) THEN 'decision' END,
      CASE WHEN EXISTS (SELECT 1 FROM reference_profiles r WHERE r.model_id = v.id)
        OR EXISTS (SELECT 1 FROM health_assessments h WHERE h.model_name = v.model_name AND h.model_id = v.id)
        OR EXISTS (SELECT 1 FROM drift_reports d WHERE d.model_name = v.model_name AND d.model_id = v.id)
        OR EXISTS (SELECT 1 FROM performance_metrics m WHERE m.model_name = v.model_name AND m.model_id = v.id)
        OR EXISTS (SELECT 1 FROM data_quality_reports q WHERE q.model_name = v.model_name AND q.model_id = v.id) THEN 'monitored' END,
      CASE WHEN EXISTS (SELECT 1 FROM agent_actions x WHERE x.model_name = v.model_name AND (x.model_version = v.version OR x.id = v.decision_id))
        THEN 'agent-action' END,
      CASE WHEN EXISTS (SELECT 1 FROM training_runs t WHERE t.model_name = v.model_name AND t.state IN ('queued', 'running')) THEN 'training' END,
      CASE WHEN EXISTS (SELECT 1 FROM batch_predictions b WHERE b.model_name = v.model_name AND b.state IN ('queued', 'running')
        AND coalesce(b.model_version, v.version) = v.version) THEN 'batch-prediction' END
    ], NULL) AS uses
    FROM model_versions v WHERE v.model_name = ${model} ORDER BY v.version`;
}

interface Traffic {
  readonly now: ReadonlySet<number>;
  readonly lately: ReadonlySet<number>;
  readonly ever: ReadonlySet<number>;
}

/** Versions that plans name: the present one, those in force after a time, all there were. */
async function readTraffic(db: DatabaseReader, model: string, since: Date): Promise<Traffic> {
  const rows = await db.$queryRaw<{ plan: unknown; until: Date | null }[]>`
    SELECT plan, lead(created_at) OVER (ORDER BY revision) AS until FROM traffic_plans WHERE model_name = ${model}`;
  const plans = rows.map(({ plan, until }) => ({ until, versions: [...versionsInPlan(TrafficPlan.parse(plan))] }));
  const named = (isWanted: (until: Date | null) => boolean): ReadonlySet<number> =>
    new Set(plans.flatMap(({ until, versions }) => (isWanted(until) ? versions : [])));
  return {
    now: named((until) => until === null),
    lately: named((until) => until !== null && until >= since),
    ever: named(() => true),
  };
}

/** Only who was in traffic is asked for: a look-up goes through the days of all predictions. */
async function findAnswered(db: DatabaseReader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM unnest(${[...ids]}::uuid[]) AS v (id) WHERE EXISTS (SELECT FROM predictions p WHERE p.model_id = v.id)`;
  return new Set(rows.map(({ id }) => id));
}
