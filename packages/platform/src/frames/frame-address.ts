import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** Where frames are taken: a TCP port or a Unix socket. */
export type FrameAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** Longest path of a Unix socket that every system of ours takes (`sun_path` has 104 bytes on macOS, 108 on Linux). */
const SOCKET_PATH_BYTES_MAX = 103;

const parse = (text: string): FrameAddress | { readonly fault: string } => {
  if (isAbsolute(text)) {
    if (Buffer.byteLength(text) <= SOCKET_PATH_BYTES_MAX) return { path: text };
    return { fault: `is too long for a socket's path: at most ${SOCKET_PATH_BYTES_MAX} bytes; use host:port instead` };
  }
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  return { fault: 'must be host:port or the absolute path of a Unix socket' };
};

/** Text of a {@link FrameAddress}: `127.0.0.1:7001`, `[::1]:7001` or the absolute path of a Unix socket. */
export const frameAddressText = z.string().superRefine((text, context) => {
  const parsed = parse(text);
  if ('fault' in parsed) context.addIssue(parsed.fault);
});

/** @throws Error when `text` is not one that {@link frameAddressText} takes */
export function parseFrameAddress(text: string): FrameAddress {
  const parsed = parse(text);
  if ('fault' in parsed) throw new Error(`${text}: ${parsed.fault}`);
  return parsed;
}

const ADDRESSES_MAX = 256;

/** Texts of {@link FrameAddress}, comma-separated, at least one, each once. */
export const frameAddressesText = z
  .string()
  .transform((text) => [...new Set(text.split(',').map((part) => part.trim()))].filter(Boolean))
  .pipe(z.array(frameAddressText).min(1, 'must name one at least').max(ADDRESSES_MAX));

/** The address as text, for logs. */
export function describeFrameAddress(address: FrameAddress): string {
  if ('path' in address) return address.path;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}
