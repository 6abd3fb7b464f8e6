import type { IncomingHttpHeaders } from 'node:http';

/** A head that every HTTP parser reads alike. */
export interface PlainHead {
  readonly path: string;
  /** By lower-case name; none came twice. */
  readonly headers: IncomingHttpHeaders;
  /** Length of the body that follows, in bytes, > 0. */
  readonly bodyBytes: number;
}

/** Longest head that is read here. */
export const PLAIN_HEAD_BYTES_MAX = 8_192;

const REQUEST_LINE = /^POST (\/[A-Za-z0-9._~:/-]*) HTTP\/1\.1$/;
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Visible ASCII, blanks inside. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const HOST = /^[A-Za-z0-9._-]+(?::\d{1,5})?$|^\[[0-9a-fA-F:.]+\](?::\d{1,5})?$/;
const LENGTH = /^[1-9]\d{0,8}$/;

/** Headers that change how a message is framed, what is waited for, or who may read the answer: all of that is Node's business. */
const NOT_PLAIN: ReadonlySet<string> = new Set([
  'access-control-request-method',
  'content-encoding',
  'expect',
  'http2-settings',
  'keep-alive',
  'origin',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Reads the head of the plainest kind of request: `POST` with a plain path, a `Host` and a `Content-Length`, each header once, in visible
 * ASCII. It must read nothing that Node's own parser would read otherwise; what is not surely alike is left to Node.
 *
 * @param text the head without the empty line at its end, one character a byte
 * @returns null for a request of any other kind, broken ones among them
 */
export function readPlainHead(text: string): PlainHead | null {
  const lines = text.split('\r\n');
  const path = REQUEST_LINE.exec(lines[0] ?? '')?.[1];
  if (path === undefined) return null;
  const headers: Record<string, string> = Object.create(null); // a header may be called __proto__
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
    if (colon < 1 || !NAME.test(name) || !VALUE.test(value) || NOT_PLAIN.has(name) || name in headers) return null;
    headers[name] = value;
  }
  const { connection = 'keep-alive', host = '', 'content-length': length = '' } = headers;
  if (connection.toLowerCase() !== 'keep-alive' || !HOST.test(host) || !LENGTH.test(length)) return null;
  return { path, headers, bodyBytes: Number(length) };
}
