import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { S3Bucket } from './s3-bucket.js';

/** One part is filled while another is on its way: twice this is the memory of an upload. */
export const PART_BYTES = 16_777_216;
/** Largest object that S3 copies in one call, and the parts in which it copies larger ones. */
const COPY_BYTES_MAX = 5_368_709_120;
const COPY_PART_BYTES = 1_073_741_824;

/** Room that content begins with: most artifacts are small. */
const FIRST_BYTES = 65_536;

function grown(buffer: Buffer, needed: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(Math.min(PART_BYTES, Math.max(needed, 2 * buffer.length)));
  buffer.copy(larger);
  return larger;
}

/** Content in parts of {@link PART_BYTES}, the last one smaller, with the SHA-256 of all of it once it has ended. */
export class PartReader {
  bytes = 0;
  private readonly hash = createHash('sha256');

  /** @param limit bytes; `refuse` is thrown when there are more */
  constructor(
    private readonly content: AsyncIterable<Uint8Array>,
    private readonly limit: number,
    private readonly refuse: () => Error,
  ) {}

  get digest(): string {
    return this.hash.digest('hex');
  }

  /** A part is good until the next but one is asked for. */
  async *parts(): AsyncGenerator<Buffer> {
    let [filling, sent] = [Buffer.allocUnsafeSlow(FIRST_BYTES), Buffer.alloc(0)];
    let filled = 0;
    for await (const chunk of this.content) {
      this.bytes += chunk.byteLength;
      if (this.bytes > this.limit) throw this.refuse();
      this.hash.update(chunk);
      for (let taken = 0; taken < chunk.byteLength; ) {
        const length = Math.min(PART_BYTES - filled, chunk.byteLength - taken);
        if (filled + length > filling.length) filling = grown(filling, filled + length);
        filling.set(chunk.subarray(taken, taken + length), filled);
        filled += length;
        taken += length;
        if (filled < PART_BYTES) continue;
        yield filling;
        [filling, sent] = [sent, filling];
        filled = 0;
      }
    }
    if (filled > 0) yield filling.subarray(0, filled);
  }
}

/** Puts an object whose content is at hand. */
export async function putObject({ client, bucket: Bucket }: S3Bucket, Key: string, Body: Buffer): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }));
}

/**
 * Uploads an object in parts, one of which is sent while the next one is read. What fails is aborted: the parts that were sent are freed.
 * @param first the parts that were read already
 */
export async function uploadParts(store: S3Bucket, Key: string, parts: AsyncIterable<Buffer>): Promise<void> {
  const { client, bucket: Bucket } = store;
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const done: CompletedPart[] = [];
  let sending: Promise<void> = Promise.resolve();
  const send = async (PartNumber: number, Body: Buffer): Promise<void> => {
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    done.push({ PartNumber, ETag });
  };
  try {
    let number = 0;
    for await (const part of parts) {
      await sending;
      number += 1;
      sending = send(number, part);
      sending.catch(() => undefined); // thrown where it is awaited
    }
    await sending;
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: done } }));
  } catch (error) {
    await sending.catch(() => undefined); // a part that arrives after the abort would stay
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined); // swept later
    throw error;
  }
}

/** Copies an object within the bucket; it is there whole, or as it was before. */
export async function copyObject(
  { client, bucket: Bucket }: S3Bucket,
  { from, to: Key, bytes }: { readonly from: string; readonly to: string; readonly bytes: number },
): Promise<void> {
  const CopySource = `${Bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
  if (bytes <= COPY_BYTES_MAX) {
    await client.send(new CopyObjectCommand({ Bucket, Key, CopySource }));
    return;
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  try {
    const Parts: CompletedPart[] = [];
    for (let start = 0; start < bytes; start += COPY_PART_BYTES) {
      const CopySourceRange = `bytes=${start}-${Math.min(start + COPY_PART_BYTES, bytes) - 1}`;
      const PartNumber = Parts.length + 1;
      const command = new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber, CopySource, CopySourceRange });
      Parts.push({ PartNumber, ETag: (await client.send(command)).CopyPartResult?.ETag });
    }
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined); // swept later
    throw error;
  }
}

/** Removes an object; one that is not there, too. */
export async function deleteObject({ client, bucket: Bucket }: S3Bucket, Key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
}
