import type { OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { DomainError } from '@gimbal/domain';
import { type ByteRange, giveBack } from '@gimbal/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ArtifactRow } from './artifact-rows.js';

const SAFE_TYPE = /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/;

/** Headers of a file that somebody sent us: a download, which no browser runs on this address. */
export function downloadHeaders({ path, contentType }: Pick<ArtifactRow, 'path' | 'contentType'>) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  // RFC 6266: a plain name for all, and the true one, encoded as RFC 8187 says, for those that understand it.
  const exact = ascii === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, encodeAscii)}`;
  return {
    'content-type': SAFE_TYPE.test(contentType) ? contentType : 'application/octet-stream',
    'content-disposition': `attachment; filename="${ascii}"${exact}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  };
}

const encodeAscii = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

/** What a range asks for: bytes that are there, `all` when it is none that we take, `beyond` when the file ends before. */
function readRange(header: string | undefined, bytes: number): ByteRange | 'all' | 'beyond' {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return 'all';
  if (first === '') {
    const start = Math.max(0, bytes - Number(last));
    return start < bytes ? { start, end: bytes } : 'beyond';
  }
  const start = Number(first);
  const end = last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (last !== '' && Number(last) < start) return 'all'; // RFC 9110: not a range, so it is as if it were not there
  return start < bytes ? { start, end } : 'beyond';
}

/**
 * Answers with a file, or with the range of it that was asked for (RFC 9110, one range). The digest is its entity tag.
 * @param open the bytes; not called for HEAD, nor when the caller has the file
 */
export async function sendFile(
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
  reply: FastifyReply,
  { file, open }: { readonly file: ArtifactRow; readonly open: (range?: ByteRange) => Promise<Readable> },
): Promise<FastifyReply> {
  const etag = `"${file.digest}"`;
  void reply.headers({ ...downloadHeaders(file), etag, 'accept-ranges': 'bytes' });
  if (headers['if-none-match'] === etag) return reply.status(304).send();
  const isWhole = headers['if-range'] !== undefined && headers['if-range'] !== etag;
  const range = isWhole ? 'all' : readRange(headers.range, file.bytes);
  if (range === 'beyond') return reply.status(416).header('content-range', `bytes */${file.bytes}`).send();
  const part = range === 'all' ? undefined : range;
  if (part) void reply.status(206).header('content-range', `bytes ${part.start}-${part.end - 1}/${file.bytes}`);
  const bytes = part ? part.end - part.start : file.bytes;
  void reply.header('content-length', bytes);
  if (method === 'HEAD') return reply.send();
  return await pour(await open(part), bytes, reply);
}

/** Sends a stream chunk by chunk, and gives the memory of each back when the connection has taken it. */
async function pour(content: Readable, bytes: number, reply: FastifyReply): Promise<FastifyReply> {
  const { raw } = reply.hijack();
  raw.once('close', () => content.destroy());
  raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders); // what was set above, and by hooks
  try {
    let left = bytes;
    for await (const chunk of content) {
      left -= chunk.length;
      if (left < 0) break;
      await new Promise<void>((resolve, reject) => raw.write(chunk, (error) => (error ? reject(error) : resolve())));
      giveBack(chunk);
    }
    // A file that was cut off, or a bucket that takes no ranges: on a connection that goes on, the next answer would be read as the rest of this one.
    if (left !== 0) throw new DomainError('artifact-corrupt', 'The content has another length than was announced.');
    raw.end();
  } catch (error) {
    // Breaking the connection is the only way to say that the rest will not come.
    raw.destroy();
    if (!raw.errored && !raw.closed) reply.log.warn({ err: error }, 'a file could not be sent whole');
  }
  return reply;
}
