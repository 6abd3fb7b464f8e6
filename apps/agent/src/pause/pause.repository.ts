import type { DatabaseReader } from '@gimbal/db';

/** The row of the pause switch. */
export const CONTROL_ID = 1;

/** True while somebody has stopped the agent. */
export async function isAgentPaused(db: DatabaseReader): Promise<boolean> {
  return (await db.agentControl.findUnique({ where: { id: CONTROL_ID } }))?.paused ?? false;
}
