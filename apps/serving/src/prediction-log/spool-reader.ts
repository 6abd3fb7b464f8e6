import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { LOG_RECORD_BYTES_MAX, LOG_RECORD_HEAD_BYTES, peekPayload } from '@gimbal/contracts';
import { SEGMENT_HEAD_BYTES, SEGMENT_MAGIC } from './spool-segment.js';

/** Also the most that is looked through before others have their turn. */
const CHUNK_BYTES = 262_144;

/** A record of predictions as it lies in its segment; `end` is the offset behind it. */
export interface SpooledRecord {
  /** The whole record, its checksum was good. Valid only while it is looked at: the reader reuses its memory. */
  readonly bytes: Buffer;
  /** The whole record of the definition that the predictions refer to; always the same object for the same one. */
  readonly definition: Buffer;
  readonly rows: number;
  readonly start: number;
  readonly end: number;
}

/**
 * How a segment ended: `complete`; `torn` = the process died while it wrote the last record, which was never answered;
 * `damaged` = bytes in the middle are not what was written, and what is behind them can't be read.
 */
export type SegmentEnding = 'complete' | 'torn' | 'damaged';

/** Reads one segment from its beginning, in pieces, so that a large one takes little memory and no turn takes long. */
export class SpoolReader {
  private readonly handle: FileHandle;
  private readonly definitions = new Map<number, Buffer>();
  private readonly chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private buffered = this.chunk.subarray(0, 0);
  private bufferedAt = 0;
  private offset = 0;
  private segmentName = '';

  private constructor(handle: FileHandle) {
    this.handle = handle;
  }

  static async open(path: string): Promise<SpoolReader> {
    return new SpoolReader(await open(path, 'r'));
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** The segment's own name, in hex: no other segment, of whichever replica, has it. Known after the first record was read. */
  get name(): string {
    return this.segmentName;
  }

  /** Offset behind the last record that was taken. */
  get position(): number {
    return this.offset;
  }

  /**
   * Offers the records of predictions that end at or before `limit`, one after the other. May be called again, with a greater limit
   * while the segment grows.
   * @param limit bytes of the segment that are safe to read
   * @param take false: not now; the next call begins with this record
   * @returns how the segment ends there; undefined when a record was not taken
   */
  async read(limit: number, take: (record: SpooledRecord) => boolean): Promise<SegmentEnding | undefined> {
    if (this.offset === 0) {
      if (!(await this.holds(0, SEGMENT_HEAD_BYTES, limit))) return limit === 0 ? 'complete' : 'torn';
      const head = this.view(0, SEGMENT_HEAD_BYTES);
      if (!head.subarray(0, SEGMENT_MAGIC.length).equals(SEGMENT_MAGIC)) return 'damaged';
      this.segmentName = head.toString('hex', SEGMENT_MAGIC.length);
      this.offset = SEGMENT_HEAD_BYTES;
    }
    for (;;) {
      const start = this.offset;
      if (start >= limit) return 'complete';
      // Waits only when the file has to be read: a promise for each record would cost more than the record.
      if (!this.isBuffered(start, LOG_RECORD_HEAD_BYTES) && !(await this.holds(start, LOG_RECORD_HEAD_BYTES, limit)))
        return 'torn';
      const size = this.view(start, LOG_RECORD_HEAD_BYTES).readUInt32LE(0);
      const whole = LOG_RECORD_HEAD_BYTES + size;
      if (size > LOG_RECORD_BYTES_MAX) return 'torn';
      if (!this.isBuffered(start, whole) && !(await this.holds(start, whole, limit))) return 'torn';
      const ending = this.offer(this.view(start, whole), take);
      if (ending !== 'taken') return ending;
      this.offset = start + whole;
    }
  }

  private offer(
    bytes: Buffer,
    take: (record: SpooledRecord) => boolean,
  ): Exclude<SegmentEnding, 'complete'> | 'taken' | undefined {
    const payload = bytes.subarray(LOG_RECORD_HEAD_BYTES);
    const checksum = bytes.readUInt32LE(4);
    if (payload.length === 0 || crc32(payload) !== checksum) return isOnlyZeros(payload, checksum) ? 'torn' : 'damaged';
    const head = peek(payload);
    if (head === undefined) return 'damaged';
    if (head.kind === 'definition') {
      this.definitions.set(head.index, Buffer.from(bytes));
      return 'taken';
    }
    const definition = this.definitions.get(head.index);
    if (!definition) return 'damaged';
    const start = this.offset;
    return take({ bytes, definition, rows: head.rows, start, end: start + bytes.length }) ? 'taken' : undefined;
  }

  private isBuffered(offset: number, size: number): boolean {
    const from = offset - this.bufferedAt;
    return from >= 0 && from + size <= this.buffered.length;
  }

  /** A view of bytes that are buffered. */
  private view(offset: number, size: number): Buffer {
    const from = offset - this.bufferedAt;
    return this.buffered.subarray(from, from + size);
  }

  /** Sees to it that the bytes are buffered; false when they lie behind `limit` or the end of the file. */
  private async holds(offset: number, size: number, limit: number): Promise<boolean> {
    if (offset + size > limit) return false;
    if (this.isBuffered(offset, size)) return true;
    const wanted = Math.min(Math.max(size, CHUNK_BYTES), limit - offset);
    const chunk = wanted > CHUNK_BYTES ? Buffer.allocUnsafeSlow(wanted) : this.chunk;
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.handle.read(chunk, filled, wanted - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.buffered = chunk.subarray(0, filled);
    this.bufferedAt = offset;
    return size <= filled;
  }
}

/** A file system that lost power may have grown the file without its bytes. */
const isOnlyZeros = (payload: Buffer, checksum: number): boolean =>
  checksum === 0 && payload.every((byte) => byte === 0);

function peek(payload: Buffer): ReturnType<typeof peekPayload> | undefined {
  try {
    return peekPayload(payload);
  } catch {
    return undefined; // of another format
  }
}
