import type { DatabaseReader } from '@gimbal/db';
import { isAgentPaused } from '../pause/pause.repository.js';

const DAY_MS = 86_400_000;

/** What the agent has done of late, and what waits. */
export interface AgentFigures {
  readonly actions: readonly { readonly type: string; readonly state: string; readonly count: number }[];
  readonly approvalsPending: number;
  readonly underWay: number;
  readonly isPaused: boolean;
  readonly decidedAt: Date | null;
}

export async function readAgentFigures(db: DatabaseReader, now: Date): Promise<AgentFigures> {
  const groups = await db.agentAction.groupBy({
    by: ['actionType', 'state'],
    where: { createdAt: { gte: new Date(now.getTime() - DAY_MS) } },
    _count: true,
  });
  const last = await db.incident.findFirst({ orderBy: [{ createdAt: 'desc' }], select: { createdAt: true } });
  return {
    actions: groups.map(({ actionType: type, state, _count: count }) => ({ type, state, count })),
    approvalsPending: await db.agentAction.count({ where: { state: 'proposed' } }),
    underWay: await db.agentAction.count({ where: { state: { in: ['executing', 'verifying'] } } }),
    isPaused: await isAgentPaused(db),
    decidedAt: last?.createdAt ?? null,
  };
}
