import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';

/** Which process wrote something. The token tells a process from its successor under the same number, as containers have it. */
export const ProcessMark = z.strictObject({ pid: z.int(), host: z.string(), token: z.string() });
export type ProcessMark = z.output<typeof ProcessMark>;

let token: string | undefined;

export function ownMark(): ProcessMark {
  token ??= randomUUID();
  return { pid: process.pid, host: hostname(), token };
}

/**
 * Whether that process has ended. Of another host that can't be seen: there it counts as ended when it was silent for too long.
 * @param silence milliseconds since it last wrote, and how many of them are too many
 */
export function hasEnded(mark: ProcessMark, silence: { readonly ms: number; readonly msMax: number }): boolean {
  const own = ownMark();
  if (mark.host !== own.host) return silence.ms > silence.msMax;
  if (mark.pid === own.pid) return mark.token !== own.token;
  try {
    process.kill(mark.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'; // what kill throws; EPERM: it lives, under another account
  }
}
