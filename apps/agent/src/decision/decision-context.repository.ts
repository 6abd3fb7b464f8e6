import type { DatabaseReader } from '@gimbal/db';
import {
  ACTION_STATES,
  ACTION_TYPES,
  type AgentPolicy,
  chooseRollbackTarget,
  type DecisionContext,
  type LiveVersion,
  type PastAction,
  requireServable,
} from '@gimbal/domain';
import { z } from 'zod';
import { isAgentPaused } from '../pause/pause.repository.js';
import { findPolicy } from '../policy/policy.repository.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const Gate = z.looseObject({ admitted: z.boolean() });
const TrainedOn = z.looseObject({
  dataset: z.string(),
  parts: z.array(z.string()).optional(),
  version: z.int().optional(),
});
const Move = z.object({ kind: z.enum(['promote', 'rollback']), to: z.int() });
const PastRow = z.object({
  id: z.uuid(),
  type: z.enum(ACTION_TYPES),
  target: z.string(),
  state: z.enum(ACTION_STATES),
  modelVersion: z.number().nullable(),
  createdAt: z.date(),
  intentAt: z.date().nullable(),
  updatedAt: z.date(),
});

/** Everything beside the assessment that a decision about a model looks at, as it is now. */
export async function loadContext(db: DatabaseReader, modelName: string, now: Date): Promise<DecisionContext> {
  const policy = await findPolicy(db, modelName);
  return {
    now: now.getTime(),
    isPaused: await isAgentPaused(db),
    policy,
    live: await findLive(db, modelName),
    previousVersion: await findPrevious(db, modelName),
    isTraining: (await db.trainingRun.count({ where: { modelName, state: { in: ['queued', 'running'] } } })) > 0,
    history: await findHistory(db, modelName, policy, now),
  };
}

async function findLive(db: DatabaseReader, modelName: string): Promise<LiveVersion | null> {
  const found = await db.modelVersion.findFirst({ where: { modelName, isActive: true } });
  if (!found) return null;
  const row = requireServable(found);
  const { version } = row;
  // A rollback is no release: it brings back what was known.
  const release = await db.promotion.findFirst({
    where: { modelName, kind: 'promote', stage: 'production', toVersion: version },
    orderBy: { createdAt: 'desc' },
  });
  const adjusted = await db.thresholdAdjustment.findFirst({
    where: { modelName, version },
    orderBy: { createdAt: 'desc' },
  });
  return {
    version,
    promotedAt: release?.createdAt.getTime() ?? null,
    threshold: adjusted?.toThreshold ?? row.threshold,
    isAdmitted: Gate.safeParse(row.gateVerdict).data?.admitted ?? null,
    training: await findTraining(db, row.trainingRunId),
  };
}

/** What a version was trained on; of a table that was uploaded the version that is the latest now. */
async function findTraining(db: DatabaseReader, trainingRunId: string | null): Promise<LiveVersion['training']> {
  if (trainingRunId === null) return null;
  const run = await db.trainingRun.findUnique({ where: { id: trainingRunId }, select: { data: true } });
  const data = TrainedOn.safeParse(run?.data).data;
  if (!data) return null;
  const { dataset, parts = [], version } = data;
  if (version === undefined) return { dataset, parts };
  const uploaded = await db.dataset.findUnique({ where: { name: dataset }, select: { lastVersion: true } });
  return uploaded && { dataset, parts, version: uploaded.lastVersion };
}

/** As the registry itself would choose: from the moves of the alias, not from every promotion, because some moved nothing. */
async function findPrevious(db: DatabaseReader, modelName: string): Promise<number | null> {
  const moves = await db.$queryRaw<unknown[]>`
    SELECT p.kind::text AS kind, h.version AS "to"
    FROM alias_history h JOIN promotions p ON p.decision_id = h.decision_id
    WHERE h.model_name = ${modelName} AND h.alias = 'live' ORDER BY h.id`;
  const choice = chooseRollbackTarget(z.array(Move).parse(moves));
  return 'target' in choice ? choice.target : null;
}

async function findHistory(
  db: DatabaseReader,
  modelName: string,
  policy: AgentPolicy,
  now: Date,
): Promise<PastAction[]> {
  const reach = Math.max(
    policy.coolDownMinutes * MINUTE_MS,
    policy.attemptsWindowHours * HOUR_MS,
    policy.deploymentSuspectHours * HOUR_MS,
  );
  const since = new Date(now.getTime() - reach);
  const rows = await db.$queryRaw<unknown[]>`
    SELECT id, action_type AS type, evidence ->> 'target' AS target, status AS state, model_version AS "modelVersion",
           created_at AS "createdAt", intent_at AS "intentAt", updated_at AS "updatedAt"
    FROM agent_actions
    WHERE model_name = ${modelName}
      AND (updated_at >= ${since} OR status IN ('proposed', 'approved', 'executing', 'verifying'))`;
  return z
    .array(PastRow)
    .parse(rows)
    .map(({ createdAt, intentAt, updatedAt, ...rest }) => ({
      ...rest,
      createdAt: createdAt.getTime(),
      executedAt: intentAt?.getTime() ?? null,
      endedAt: updatedAt.getTime(),
    }));
}
