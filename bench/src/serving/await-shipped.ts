import { setTimeout } from 'node:timers/promises';
import { GimbalClient } from '@gimbal/client';
import type { Installation } from '../installation.js';

const POLL_MS = 250;
const PATIENCE_MS = 600_000;

/**
 * Resolves when the queue has every logged row: what serving still ships of one load would be taken for a part of the next.
 * @throws Error when that takes longer than ten minutes
 */
export async function awaitShipped({ url, keys }: Installation): Promise<void> {
  const client = new GimbalClient({ url, apiKey: keys['operator'] ?? '' });
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const { spool } = await client.call('servingStatistics', {});
    if (spool.waiting_rows === 0) return;
    if (performance.now() > untilMs) throw new Error(`${spool.waiting_rows} rows of the log are not shipped yet.`);
    await setTimeout(POLL_MS);
  }
}
