import type { DatabaseTransaction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import type { ArtifactStore } from '@gimbal/platform';

/** Of the advisory lock between those who name content and those who remove what nobody names. */
const LOCK = 'registry:content';

/**
 * Makes sure, for the rest of the transaction, that content stays: what removes unnamed content waits, and sees the row that is written now.
 * @throws DomainError `storage-failed` when it was removed just before
 */
export async function holdContent(tx: DatabaseTransaction, store: ArtifactStore, digest: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(${LOCK}, 0))`;
  if (!(await store.find(digest)))
    throw new DomainError('storage-failed', 'The content was removed before it got a name. Send it again.');
}

/** Those of `digests` that no row names, nor will until the transaction ends. Reports are not asked for: they can be made again. */
export async function lockUnnamed(tx: DatabaseTransaction, digests: readonly string[]): Promise<string[]> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${LOCK}, 0))`;
  const rows = await tx.$queryRaw<{ digest: string }[]>`
    SELECT digest FROM unnest(${[...digests]}::text[]) AS stored (digest)
    WHERE NOT EXISTS (SELECT FROM artifacts WHERE artifacts.digest = stored.digest)
      AND NOT EXISTS (SELECT FROM logged_model_artifacts WHERE logged_model_artifacts.digest = stored.digest)
      AND NOT EXISTS (SELECT FROM uploaded_parts WHERE uploaded_parts.digest = stored.digest)
      AND NOT EXISTS (SELECT FROM dataset_versions WHERE dataset_versions.digest = stored.digest)
      AND NOT EXISTS (SELECT FROM model_versions WHERE artifact_digest = stored.digest)
      AND NOT EXISTS (SELECT FROM model_versions WHERE reference_profile_digest = stored.digest)`;
  return rows.map(({ digest }) => digest);
}
