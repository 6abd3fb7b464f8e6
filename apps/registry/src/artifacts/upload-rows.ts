import type { DatabaseReader, DatabaseTransaction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';

/** A part that was sent: its bytes are in the artifact store under the digest. */
export interface UploadedPart {
  /** From 1. */
  readonly number: number;
  readonly digest: string;
  readonly bytes: number;
}

/** An upload, under way or completed. */
export interface UploadRow {
  /** Null while it is under way. Then `parts` are those that were sent, and later those that became the file. */
  readonly completedAt: Date | null;
  /** By their numbers. */
  readonly parts: readonly UploadedPart[];
}

const uploadNotFound = (): DomainError =>
  new DomainError(
    'artifact-not-found',
    'There is no such multipart upload: it was completed, aborted, or took too long.',
  );

/** @param path what the upload is for; another one's is as if it were not there. @throws DomainError `artifact-not-found` */
export async function requireUpload(db: DatabaseReader, where: { id: string; path: string }): Promise<UploadRow> {
  const include = { parts: { orderBy: { number: 'asc' } } } as const;
  const upload = await db.multipartUpload.findUnique({ where, include });
  if (!upload) throw uploadNotFound();
  return { ...upload, parts: upload.parts.map((part) => ({ ...part, bytes: Number(part.bytes) })) };
}

/** Makes those who change an upload take turns. @throws DomainError `artifact-not-found` when it is over */
export async function lockUpload(tx: DatabaseTransaction, id: string): Promise<void> {
  const [open] = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM multipart_uploads WHERE id = ${id}::uuid AND completed_at IS NULL FOR UPDATE`;
  if (!open) throw uploadNotFound();
}

/** Bytes of an upload that is under way, without one of its parts. @throws DomainError `artifact-not-found` */
export async function sumOtherParts(db: DatabaseReader, id: string, number: number): Promise<number> {
  const [open] = await db.$queryRaw<{ bytes: bigint }[]>`
    SELECT (SELECT coalesce(sum(bytes), 0)::bigint FROM uploaded_parts WHERE upload_id = id AND number <> ${number}::int) AS bytes
    FROM multipart_uploads WHERE id = ${id}::uuid AND completed_at IS NULL`;
  if (!open) throw uploadNotFound();
  return Number(open.bytes);
}

/** Keeps a part in place of the one with its number. The caller holds the upload's turn. @returns the digest of that one */
export async function writePart(tx: DatabaseTransaction, uploadId: string, part: UploadedPart): Promise<string | null> {
  const where = { uploadId_number: { uploadId, number: part.number } };
  const before = await tx.uploadedPart.findUnique({ where, select: { digest: true } });
  await tx.uploadedPart.upsert({ where, create: { uploadId, ...part }, update: part });
  return before?.digest ?? null;
}

/** Notes that these parts became the file. @throws DomainError `artifact-not-found` when the upload is over */
export async function markCompleted(
  tx: DatabaseTransaction,
  uploadId: string,
  parts: readonly UploadedPart[],
): Promise<void> {
  await lockUpload(tx, uploadId);
  await tx.multipartUpload.update({ where: { id: uploadId }, data: { completedAt: new Date() } });
  await tx.uploadedPart.deleteMany({ where: { uploadId } });
  await tx.uploadedPart.createMany({ data: parts.map((part) => ({ uploadId, ...part })) });
}
