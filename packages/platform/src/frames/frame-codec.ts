import type { Writable } from 'node:stream';

/**
 * Frames: how two of our services exchange many small messages over one stream, without HTTP.
 *
 * Little-endian. `u32 length` of what follows · `u8 kind` · `u32 id` · `u32 count` · `count` entries, each
 * `u32 position` · `u32 size` · `size` bytes. What the bytes mean is not known here.
 */
export const FRAME_KIND = {
  /** client -> server, first: entry 0 the service's name, entry 1 its key. */
  hello: 1,
  /** server -> client: the key is good; requests may follow. */
  welcome: 2,
  /** client -> server: positions 0, 1, 2 … in order. */
  request: 3,
  /** server -> client: some of the answers to the request of the same id, or none of them yet ("taken in, answers follow"). */
  reply: 4,
  /** server -> client: send no more requests; those sent are answered. */
  farewell: 5,
} as const;
type FrameKind = (typeof FRAME_KIND)[keyof typeof FRAME_KIND];

export interface FrameEntry {
  readonly position: number;
  readonly bytes: Uint8Array;
  /** Goes on where `bytes` end; who reads the frame sees both as one. */
  readonly rest?: Uint8Array | undefined;
}

/** Bytes of what it carries. */
export const sizeOfEntry = ({ bytes, rest }: Pick<FrameEntry, 'bytes' | 'rest'>): number =>
  bytes.byteLength + (rest?.byteLength ?? 0);

export interface Frame {
  readonly kind: FrameKind;
  /** Chosen by the client for a request; its replies carry the same. 0 where it means nothing. */
  readonly id: number;
  readonly entries: readonly FrameEntry[];
}

const LENGTH_BYTES = 4;
const HEAD_BYTES = 9;
export const ENTRY_OVERHEAD_BYTES = 8;
export const FRAME_OVERHEAD_BYTES = LENGTH_BYTES + HEAD_BYTES;
const KINDS: ReadonlySet<number> = new Set(Object.values(FRAME_KIND));

/** The peer broke the protocol; nothing that follows on that connection can be understood. */
export class FrameFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FrameFault';
  }
}

/** A rest of at least so many bytes goes out from where it lies: to copy it would cost more than to write one piece more. */
const PIECE_BYTES_MIN = 4_096;

/** The frame as one buffer. */
export function encodeFrame(frame: Frame): Buffer {
  const [first, ...more] = encodePieces(frame);
  return first && more.length === 0 ? first : Buffer.concat([first ?? Buffer.alloc(0), ...more]);
}

/** Sends the frame without copying what is large in it. @returns whether the socket takes more now */
export function writeFrame(socket: Writable, frame: Frame): boolean {
  const pieces = encodePieces(frame);
  if (pieces.length === 1) return socket.write(pieces[0]);
  socket.cork();
  for (const piece of pieces) socket.write(piece);
  socket.uncork(); // one call of the system for all of them
  return !socket.writableNeedDrain;
}

function encodePieces({ kind, id, entries }: Frame): Buffer[] {
  let size = FRAME_OVERHEAD_BYTES;
  let copied = size;
  for (const { bytes, rest } of entries) {
    copied += ENTRY_OVERHEAD_BYTES + bytes.byteLength;
    size += ENTRY_OVERHEAD_BYTES + bytes.byteLength;
    if (!rest) continue;
    size += rest.byteLength;
    if (rest.byteLength < PIECE_BYTES_MIN) copied += rest.byteLength;
  }
  const out = Buffer.allocUnsafe(copied);
  out.writeUInt32LE(size - LENGTH_BYTES, 0);
  out.writeUInt8(kind, 4);
  out.writeUInt32LE(id, 5);
  out.writeUInt32LE(entries.length, 9);
  const pieces: Buffer[] = [];
  let begun = 0;
  let offset = FRAME_OVERHEAD_BYTES;
  for (const entry of entries) {
    const { position, bytes, rest } = entry;
    out.writeUInt32LE(position, offset);
    out.writeUInt32LE(sizeOfEntry(entry), offset + 4);
    out.set(bytes, offset + ENTRY_OVERHEAD_BYTES);
    offset += ENTRY_OVERHEAD_BYTES + bytes.byteLength;
    if (!rest) continue;
    if (rest.byteLength < PIECE_BYTES_MIN) {
      out.set(rest, offset);
      offset += rest.byteLength;
      continue;
    }
    pieces.push(out.subarray(begun, offset), Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength));
    begun = offset;
  }
  if (begun < copied) pieces.push(out.subarray(begun));
  return pieces;
}

/** @param body the frame without its leading length. Entries are views of it. @throws FrameFault when the sizes in it do not add up. */
function decodeBody(body: Buffer): Frame {
  const kind = body.readUInt8(0);
  if (!KINDS.has(kind)) throw new FrameFault(`There is no frame of kind ${kind}.`);
  const count = body.readUInt32LE(5);
  if (count * ENTRY_OVERHEAD_BYTES > body.length - HEAD_BYTES)
    throw new FrameFault('The frame counts more entries than it has room for.');
  const entries = new Array<FrameEntry>(count);
  let offset = HEAD_BYTES;
  for (let index = 0; index < count; index++) {
    if (offset + ENTRY_OVERHEAD_BYTES > body.length)
      throw new FrameFault('An entry begins behind the end of its frame.');
    const position = body.readUInt32LE(offset);
    const from = offset + ENTRY_OVERHEAD_BYTES;
    const until = from + body.readUInt32LE(offset + 4);
    if (until > body.length) throw new FrameFault('An entry ends behind the end of its frame.');
    entries[index] = { position, bytes: body.subarray(from, until) };
    offset = until;
  }
  if (offset !== body.length) throw new FrameFault('The frame has bytes behind its last entry.');
  return { kind: kind as FrameKind, id: body.readUInt32LE(1), entries }; // kind was looked up above
}

/**
 * Cuts a stream into frames. Memory is bounded: a frame longer than `bytesMax` is refused when its length arrives, not when its
 * bytes do. A frame that lies within one chunk is not copied.
 */
export class FrameDecoder {
  private readonly lengthBytes = Buffer.alloc(LENGTH_BYTES);
  private lengthFilled = 0;
  private body: Buffer | undefined;
  private bodyFilled = 0;
  private bytesMax: number;

  /** @param bytesMax longest frame that is read, in bytes without its length field */
  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Another limit from the next frame on: a peer that has shown its key may send more. */
  allow(bytesMax: number): void {
    this.bytesMax = bytesMax;
  }

  /** Yields the frames that `chunk` completes. @throws FrameFault when the stream is not one of frames. */
  *decode(chunk: Buffer): Generator<Frame, void> {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.body === undefined) {
        offset = this.readLength(chunk, offset);
        if (this.lengthFilled < LENGTH_BYTES) return;
        const length = this.checkedLength();
        if (chunk.length - offset >= length) {
          this.lengthFilled = 0;
          const end = offset + length;
          yield decodeBody(chunk.subarray(offset, end));
          offset = end;
          continue;
        }
        this.body = Buffer.allocUnsafeSlow(length);
        this.bodyFilled = 0;
      }
      const copied = chunk.copy(this.body, this.bodyFilled, offset);
      offset += copied;
      this.bodyFilled += copied;
      if (this.bodyFilled < this.body.length) return;
      const { body } = this;
      this.body = undefined;
      this.lengthFilled = 0;
      yield decodeBody(body);
    }
  }

  private readLength(chunk: Buffer, offset: number): number {
    const copied = chunk.copy(this.lengthBytes, this.lengthFilled, offset, offset + LENGTH_BYTES - this.lengthFilled);
    this.lengthFilled += copied;
    return offset + copied;
  }

  private checkedLength(): number {
    const length = this.lengthBytes.readUInt32LE(0);
    if (length < HEAD_BYTES) throw new FrameFault('The frame is shorter than its own head.');
    if (length > this.bytesMax)
      throw new FrameFault(`The frame has ${length} bytes; at most ${this.bytesMax} are read.`);
    return length;
  }
}
