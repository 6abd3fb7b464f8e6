import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/* HTTP/2 by hand (RFC 9113, 4.1 and 6): no library sends what breaks its rules, or as much as this. */

const TYPES = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, continuation: 9 } as const;
export const END_STREAM = 1;
export const END_HEADERS = 4;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const EMPTY = new Uint8Array();
/** Parts that are written at once. */
const PARTS = 200;

/** The payload of a reset: CANCEL. */
export const CANCEL = Buffer.of(0, 0, 0, 8);
/** The payload of settings by which nothing may be sent: SETTINGS_INITIAL_WINDOW_SIZE 0. */
export const NO_WINDOW = Buffer.of(0, 4, 0, 0, 0, 0);

export function frame(type: keyof typeof TYPES, flags: number, stream: number, payload: Uint8Array = EMPTY): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head[3] = TYPES[type];
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Those of one type that came whole. */
export function* readFrames(bytes: Buffer, type: keyof typeof TYPES): Iterable<{ flags: number; payload: Buffer }> {
  for (let at = 0; at + 9 <= bytes.length; ) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) return;
    if (bytes[at + 3] === TYPES[type]) yield { flags: bytes[at + 4] ?? 0, payload: bytes.subarray(at + 9, end) };
    at = end;
  }
}

/** Header fields as literals without an index and without Huffman's code (RFC 7541, 6.2.2), each shorter than 127 bytes. */
export const encodeFields = (fields: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(
    Object.entries(fields)
      .flat()
      .flatMap((text, index) => [
        Buffer.of(...(index % 2 === 0 ? [0] : []), text.length), // a name, and the value after it
        Buffer.from(text),
      ]),
  );

/** A connection that speaks HTTP/2, and from which nothing is read until somebody does. */
export async function openRawHttp2(port: number, settings: Uint8Array = EMPTY): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined); // its 'close' follows
  await once(socket, 'connect');
  socket.write(Buffer.concat([PREFACE, frame('settings', 0, 0, settings)]));
  return socket;
}

/** Writes `count` parts as fast as they are taken, or until the peer has closed. */
export async function writeAll(socket: Socket, count: number, part: (index: number) => Buffer): Promise<void> {
  for (let from = 0; from < count && socket.writable; from += PARTS) {
    const parts = Array.from({ length: Math.min(PARTS, count - from) }, (_, index) => part(from + index));
    const hasRoom = socket.write(Buffer.concat(parts));
    await new Promise<void>((resolve) => {
      if (hasRoom) setImmediate(resolve);
      else socket.once('drain', resolve).once('close', resolve);
    });
  }
}
