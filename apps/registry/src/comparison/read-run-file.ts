import type { DatabaseReader } from '@gimbal/db';
import type { ArtifactStore } from '@gimbal/platform';

/** Files of a run that are read whole; a model card has some hundred kilobytes. */
const BYTES_MAX = 16_777_216;

/** A JSON file that a training left in its run; undefined where there is none that can be read. */
export async function readRunFile(
  db: DatabaseReader,
  store: Pick<ArtifactStore, 'read'>,
  { runId, path }: { readonly runId: string | null; readonly path: string },
): Promise<unknown> {
  if (runId === null) return undefined;
  const file = await db.artifact.findUnique({
    where: { runId_path: { runId, path } },
    select: { digest: true, bytes: true },
  });
  if (!file || file.bytes > BYTES_MAX) return undefined;
  const content = await store.read(file.digest);
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined; // whoever has the run may write to it
  }
}
