import type { DatabaseTransaction } from '@gimbal/db';

/**
 * Labels and predictions look each other up when they arrive. Two transactions that arrive at once would each miss the other, and the label
 * would never count: so writers of predictions share this lock with each other, and a writer of labels has it alone.
 */
const LABEL_TURN = 72_707_381;

/** Taken first in a transaction that writes predictions. */
export async function shareLabelTurn(tx: DatabaseTransaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${LABEL_TURN})`;
}

/** Taken first in a transaction that writes labels. */
export async function takeLabelTurn(tx: DatabaseTransaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LABEL_TURN})`;
}
