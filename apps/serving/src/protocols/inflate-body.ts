import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { DomainError } from '@gimbal/domain';

const DECODERS: Readonly<Record<string, (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>>> =
  {
    gzip: promisify(gunzip),
    deflate: promisify(inflate), // RFC 9110: the zlib format
  };

/**
 * The body as it was before its sender compressed it. What grows beyond `bytesMax` is given up there, so a bomb costs no more than a plain
 * body of that size.
 * @throws DomainError `unsupported-media-type` for another encoding, `payload-too-large`, `malformed-json`
 */
export async function inflateBody(body: Uint8Array, encoding: string, bytesMax: number): Promise<Uint8Array> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decode = DECODERS[name];
  if (!decode) throw new DomainError('unsupported-media-type', 'A body may be compressed with gzip or deflate.');
  try {
    return await decode(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new DomainError('payload-too-large', `At most ${bytesMax} bytes are read, uncompressed.`);
    throw new DomainError(
      'malformed-json',
      `The body is not what its Content-Encoding ${name} says, or it is cut off.`,
    );
  }
}
