import { setImmediate } from 'node:timers/promises';
import type { ArtifactFile } from '../clients/registry.client.js';

/** Rows that are written at once: some milliseconds. */
const PART_ROWS = 65_536;

/** The rows that were held out as a file: `{"rows": [...]}`. There may be millions, so the event loop gets its turn in between. */
export async function writeHoldout(rows: Int32Array): Promise<ArtifactFile> {
  const parts: Buffer[] = [];
  for (let from = 0; from < rows.length; from += PART_ROWS) {
    parts.push(Buffer.from(`${from === 0 ? '' : ','}\n  ${rows.subarray(from, from + PART_ROWS).join(',\n  ')}`));
    await setImmediate();
  }
  const content = Buffer.concat([Buffer.from('{\n "rows": ['), ...parts, Buffer.from('\n ]\n}\n')]);
  return { path: 'holdout.json', content, contentType: 'application/json' };
}
