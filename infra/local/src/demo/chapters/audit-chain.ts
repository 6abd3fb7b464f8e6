import { AuditEntry, encodeWire } from '@gimbal/contracts';
import type { z } from 'zod';
import type { Clinic } from '../clinic.js';
import type { Stage } from '../stage.js';

/** The whole chain as the wire has it, oldest entry first: what a person would keep elsewhere. */
async function copyAudit(clinic: Clinic): Promise<z.input<typeof AuditEntry>[]> {
  const entries: z.input<typeof AuditEntry>[] = [];
  for await (const entry of clinic.as.viewer.each('listAudit', { query: { limit: '1000' } }))
    entries.push(encodeWire(AuditEntry, entry));
  return entries.sort((a, b) => a.seq - b.seq);
}

/** The same text with its first character one bit off. */
const alterOneByte = (text: string): string => String.fromCharCode(text.charCodeAt(0) ^ 1) + text.slice(1);

/** Chapter 7: the record of it all, and what happens when somebody changes it. */
export async function verifyAudit({ clinic, story }: Stage): Promise<void> {
  story.chapter('The audit chain');
  const whole = await clinic.as.viewer.call('verifyAudit', {});
  const entries = await copyAudit(clinic);
  const untouched = await clinic.as.viewer.call('verifyAuditCopy', { body: { entries } });
  const victim = Math.floor(entries.length / 2);
  const altered = entries.map((entry, index) =>
    index === victim ? { ...entry, actor: alterOneByte(entry.actor) } : entry,
  );
  const found = await clinic.as.viewer.call('verifyAuditCopy', { body: { entries: altered } });
  story.claim({
    number: 7,
    statement: `The audit chain of ${whole.entries} entries verifies; one altered byte in a copy of it is found at entry ${found.firstBrokenSeq}`,
    holds:
      whole.valid &&
      whole.entries > 10 &&
      untouched.valid &&
      !found.valid &&
      found.firstBrokenSeq === entries[victim]?.seq,
    evidence: {
      entries: whole.entries,
      head: whole.headHash,
      copy: entries.length,
      copy_valid: untouched.valid,
      altered_seq: entries[victim]?.seq,
      found_seq: found.firstBrokenSeq,
    },
  });
}
