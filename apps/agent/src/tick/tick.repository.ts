import type { DatabaseReader } from '@gimbal/db';

/** Taken up in one turn at most; the next turn takes the rest. */
const ACTIONS_MAX = 50;

/** Proposals and unused approvals whose time is over. */
export async function findExpired(db: DatabaseReader, now: Date): Promise<string[]> {
  const rows = await db.agentAction.findMany({
    where: { state: { in: ['proposed', 'approved'] }, expiresAt: { lte: now } },
    select: { id: true },
    take: ACTIONS_MAX,
  });
  return rows.map(({ id }) => id);
}

/**
 * Approved actions, and those under way that nobody holds: let go until now, or held by a worker that gives no sign of life. The oldest
 * first.
 */
export async function findDue(
  db: DatabaseReader,
  { now, leaseMs }: { readonly now: Date; readonly leaseMs: number },
): Promise<string[]> {
  const lapsed = new Date(now.getTime() - leaseMs);
  const isLetGo = [{ heartbeatAt: null }, { heartbeatAt: { lte: lapsed } }];
  const isTime = [{ verifyAt: null }, { verifyAt: { lte: now } }];
  const rows = await db.agentAction.findMany({
    where: {
      OR: [
        { state: 'approved' },
        { state: { in: ['executing', 'verifying'] }, AND: [{ OR: isLetGo }, { OR: isTime }] },
      ],
    },
    orderBy: { createdAt: 'asc' },
    select: { id: true },
    take: ACTIONS_MAX,
  });
  return rows.map(({ id }) => id);
}
