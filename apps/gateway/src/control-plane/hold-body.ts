import { DomainError } from '@gimbal/domain';

/** Reads a body whole. @throws DomainError `payload-too-large` */
export async function holdBody(body: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new DomainError('payload-too-large', `At most ${bytesMax} bytes of JSON are taken.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
