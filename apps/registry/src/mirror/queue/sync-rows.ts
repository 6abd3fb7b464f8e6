import { Prisma } from '@gimbal/db';
import type { Reference } from '../mirrored.js';

/** One row of `mlflow_sync`. */
export const keyOf = ({ kind, entityId }: Reference) => ({ entityKind_entityId: { entityKind: kind, entityId } });

/** Those that wait for it are due. */
export const wakeQuery = ({ kind, entityId }: Reference): Prisma.Sql => Prisma.sql`
  UPDATE mlflow_sync SET state = 'pending', waits_for_kind = NULL, waits_for_id = NULL, next_attempt_at = now()
  WHERE waits_for_kind = ${kind} AND waits_for_id = ${entityId}`;
