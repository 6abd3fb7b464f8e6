import type { ModelArchive } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { ArtifactStore } from '@gimbal/platform';
import { findContents } from '../artifacts/find-contents.js';
import type { Collected } from './collect-archive.js';

/** The files that an archive names, each once, with their sizes. @throws DomainError `artifact-not-found` */
export async function listContents(
  { versions, runs, loggedModels }: Collected,
  store: Pick<ArtifactStore, 'find'>,
): Promise<ModelArchive['contents']> {
  const sizes = new Map<string, number>();
  for (const { files } of [...runs, ...loggedModels]) for (const { digest, bytes } of files) sizes.set(digest, bytes);
  for (const { artifactDigest, artifactBytes } of versions)
    if (artifactDigest !== null && artifactBytes !== null) sizes.set(artifactDigest, artifactBytes);
  const profiles = versions.flatMap(({ referenceProfileDigest: digest }) => digest ?? []);
  const found = await findContents(store, profiles); // no row knows how large they are
  for (const digest of profiles) {
    const profile = found.get(digest);
    if (!profile) throw new DomainError('artifact-not-found', 'A reference profile of the model is not in the store.');
    sizes.set(digest, profile.bytes);
  }
  return [...sizes].map(([digest, bytes]) => ({ digest, bytes }));
}
