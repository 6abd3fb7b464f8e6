import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** Where frames are taken: a TCP port or a Unix socket. */
export type FrameAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** Longest path of a Unix socket that every system of ours takes (`sun_path` has 104 bytes on macOS, 108 on Linux). */
const SOCKET_PATH_BYTES_MAX = 103;

/** Text of a {@link FrameAddress}: `127.0.0.1:7001`, `[::1]:7001` or the absolute path of a Unix socket. */
export const frameAddressText = z.string().transform((text, context): FrameAddress => {
  if (isAbsolute(text)) {
    if (Buffer.byteLength(text) <= SOCKET_PATH_BYTES_MAX) return { path: text };
    context.addIssue(`is too long for a socket's path: at most ${SOCKET_PATH_BYTES_MAX} bytes; use host:port instead`);
    return z.NEVER;
  }
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  context.addIssue('must be host:port or the absolute path of a Unix socket');
  return z.NEVER;
});

/** The address as text, for logs. */
export function describeFrameAddress(address: FrameAddress): string {
  if ('path' in address) return address.path;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}
