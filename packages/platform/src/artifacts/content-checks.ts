import { createHash } from 'node:crypto';
import { DomainError } from '@gimbal/domain';

const DIGEST = /^[0-9a-f]{64}$/;

/** Whether a name is a SHA-256 in lower-case hex; it comes from outside, and nothing else becomes a path or a key. */
export const isDigest = (name: string): boolean => DIGEST.test(name);

export const notFound = (): DomainError =>
  new DomainError('artifact-not-found', 'There is no artifact with this digest.');
export const corrupt = (): DomainError => new DomainError('artifact-corrupt', 'The content does not match its digest.');
export const tooLarge = (bytesMax: number): DomainError =>
  new DomainError('payload-too-large', `An artifact may have at most ${bytesMax} bytes.`);
export const endsEarly = (): DomainError =>
  new DomainError('storage-failed', 'The artifact ends before the part that was asked for.');

/** The content itself, once it was held against its name. @throws DomainError `artifact-corrupt` */
export function requireMatch(content: Buffer, digest: string): Buffer {
  if (createHash('sha256').update(content).digest('hex') !== digest) throw corrupt();
  return content;
}

/**
 * Passes chunks on one behind, so that the last one is let go only when the whole matched.
 * @param explain makes a failure of the storage one of ours
 */
export async function* checked(
  chunks: AsyncIterable<Buffer>,
  { digest, explain }: { readonly digest: string; readonly explain: (error: unknown) => unknown },
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  try {
    for await (const chunk of chunks) {
      if (held) yield held;
      hash.update(chunk);
      held = chunk;
    }
  } catch (error) {
    throw explain(error);
  }
  if (hash.digest('hex') !== digest) throw corrupt();
  if (held) yield held;
}
