import type { ArtifactStore, StoredArtifact } from '@gimbal/platform';

/** Asked for together: an object store answers each in milliseconds. */
const AT_ONCE = 32;

/** Those of the contents that are stored, by their digest. */
export async function findContents(
  store: Pick<ArtifactStore, 'find'>,
  digests: readonly string[],
): Promise<ReadonlyMap<string, StoredArtifact>> {
  const found = new Map<string, StoredArtifact>();
  for (let start = 0; start < digests.length; start += AT_ONCE)
    for (const stored of await Promise.all(digests.slice(start, start + AT_ONCE).map((digest) => store.find(digest))))
      if (stored) found.set(stored.digest, stored);
  return found;
}
