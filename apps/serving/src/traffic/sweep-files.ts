import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '@gimbal/platform';

/** How much of model files stays on disk. */
export interface FileLimits {
  /** Files of versions that are out of traffic. */
  readonly unplannedMax: number;
  /** Bytes of all files; what was not used for the longest time goes first, and is fetched again when it is asked for. */
  readonly bytesMax: number;
}

/** When the graph of each report was last loaded or used; by the digest of its file, in ms since 1970. */
export async function timesOfUse(reports: string): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const name of await readdir(reports)) {
    const digest = /^([0-9a-f]{64})\.json$/.exec(name)?.[1];
    if (digest !== undefined) times.set(digest, (await stat(join(reports, name))).mtimeMs);
  }
  return times;
}

/** Deletes model files, and the reports about them, beyond the limits. @param planned digests that a traffic plan names */
export async function sweepFiles({
  reports,
  store,
  planned,
  limits,
}: {
  readonly reports: string;
  readonly store: ArtifactStore;
  readonly planned: ReadonlySet<string>;
  readonly limits: FileLimits;
}): Promise<void> {
  const byLastUse = [...(await timesOfUse(reports))].sort(([, one], [, other]) => other - one);
  let unplanned = 0;
  let bytes = 0;
  for (const [digest] of byLastUse) {
    if (!planned.has(digest)) unplanned += 1;
    bytes += (await store.find(digest))?.bytes ?? 0;
    const isKept = bytes <= limits.bytesMax && (planned.has(digest) || unplanned <= limits.unplannedMax);
    if (isKept) continue;
    await store.remove(digest);
    await rm(join(reports, `${digest}.json`), { force: true });
  }
}
