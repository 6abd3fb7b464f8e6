import type { DatabaseTransaction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import type { ArtifactStore } from '@gimbal/platform';
import { findContents } from './find-contents.js';

/** Of the advisory lock between those who name content and those who remove what nobody names. */
const LOCK = 'registry:content';

/**
 * Makes sure, for the rest of the transaction, that contents stay: what removes unnamed content waits, and sees the rows that are written now.
 * @throws DomainError `storage-failed` when one was removed just before
 */
export async function holdContents(
  tx: DatabaseTransaction,
  store: Pick<ArtifactStore, 'find'>,
  digests: readonly string[],
): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(${LOCK}, 0))`;
  const found = await findContents(store, digests);
  if (digests.some((digest) => !found.has(digest)))
    throw new DomainError('storage-failed', 'The content was removed before it got a name. Send it again.');
}

/** The same of one content. */
export const holdContent = (tx: DatabaseTransaction, store: Pick<ArtifactStore, 'find'>, digest: string) =>
  holdContents(tx, store, [digest]);

/** Those of `digests` that no row names, nor will until the transaction ends. Reports are not asked for: they can be made again. */
export async function lockUnnamed(tx: DatabaseTransaction, digests: readonly string[]): Promise<string[]> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${LOCK}, 0))`;
  const rows = await tx.$queryRaw<{ digest: string }[]>`
    SELECT digest FROM unnest(${[...digests]}::text[]) AS stored (digest)
    WHERE NOT EXISTS (SELECT FROM artifacts WHERE artifacts.digest = stored.digest)
      AND NOT EXISTS (SELECT FROM logged_model_artifacts WHERE logged_model_artifacts.digest = stored.digest)
      AND NOT EXISTS (SELECT FROM uploaded_parts p JOIN multipart_uploads u ON u.id = p.upload_id
                      WHERE p.digest = stored.digest AND u.completed_at IS NULL)
      AND NOT EXISTS (SELECT FROM dataset_versions WHERE dataset_versions.digest = stored.digest)
      AND NOT EXISTS (SELECT FROM model_versions WHERE artifact_digest = stored.digest)
      AND NOT EXISTS (SELECT FROM model_versions WHERE reference_profile_digest = stored.digest)`;
  return rows.map(({ digest }) => digest);
}
