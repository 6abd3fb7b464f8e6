import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import {
  decodePayload,
  type LogDefinition,
  type LoggedRow,
  RECORD_BYTES_MAX,
  RECORD_HEAD_BYTES,
  SEGMENT_HEAD_BYTES,
  SEGMENT_MAGIC,
} from './spool-record.js';

const CHUNK_BYTES = 262_144;

/** Predictions of one record; `end` is the offset behind it in its segment. */
export interface SpooledBatch {
  readonly definition: LogDefinition;
  readonly rows: readonly LoggedRow[];
  readonly start: number;
  readonly end: number;
}

/**
 * How a segment ended: `complete`; `torn` = the process died while it wrote the last record, which was never answered;
 * `damaged` = bytes in the middle are not what was written, and what is behind them can't be read.
 */
export type SegmentEnding = 'complete' | 'torn' | 'damaged';

/** Reads one segment from its beginning, in pieces, so that a large one takes little memory. */
export class SpoolReader {
  private readonly handle: FileHandle;
  private readonly definitions = new Map<number, LogDefinition>();
  private buffered = Buffer.alloc(0);
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

  /** Offset behind the last record that was read. */
  get position(): number {
    return this.offset;
  }

  /**
   * The next record of predictions that ends at or before `limit`, or how the segment ends there. May be called again with a
   * greater limit while the segment grows.
   * @param limit bytes of the segment that are safe to read
   */
  async next(limit: number): Promise<SpooledBatch | SegmentEnding> {
    if (this.offset === 0) {
      const head = await this.bytesAt(0, SEGMENT_HEAD_BYTES, limit);
      if (!head) return limit === 0 ? 'complete' : 'torn';
      if (!head.subarray(0, SEGMENT_MAGIC.length).equals(SEGMENT_MAGIC)) return 'damaged';
      this.segmentName = head.toString('hex', SEGMENT_MAGIC.length);
      this.offset = SEGMENT_HEAD_BYTES;
    }
    for (;;) {
      const start = this.offset;
      if (start >= limit) return 'complete';
      const head = await this.bytesAt(start, RECORD_HEAD_BYTES, limit);
      if (!head) return 'torn';
      const size = head.readUInt32LE(0);
      const checksum = head.readUInt32LE(4);
      const payload = size <= RECORD_BYTES_MAX ? await this.bytesAt(start + RECORD_HEAD_BYTES, size, limit) : undefined;
      if (!payload) return 'torn';
      if (size === 0 || crc32(payload) !== checksum) return this.onlyZeros(payload, checksum) ? 'torn' : 'damaged';
      this.offset = start + RECORD_HEAD_BYTES + size;
      const found = decodePayload(payload);
      if (found.kind === 'definition') {
        this.definitions.set(found.index, found.definition);
        continue;
      }
      const definition = this.definitions.get(found.index);
      if (!definition) return 'damaged';
      return { definition, rows: found.rows, start, end: this.offset };
    }
  }

  /** A file system that lost power may have grown the file without its bytes. */
  private onlyZeros(payload: Buffer, checksum: number): boolean {
    return checksum === 0 && payload.every((byte) => byte === 0);
  }

  /** A copy-free view when the bytes are buffered; undefined when they lie behind `limit` or the end of the file. */
  private async bytesAt(offset: number, size: number, limit: number): Promise<Buffer | undefined> {
    if (offset + size > limit) return undefined;
    const from = offset - this.bufferedAt;
    if (from >= 0 && from + size <= this.buffered.length) return this.buffered.subarray(from, from + size);
    const wanted = Math.min(Math.max(size, CHUNK_BYTES), limit - offset);
    const chunk = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.handle.read(chunk, filled, wanted - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.buffered = chunk.subarray(0, filled);
    this.bufferedAt = offset;
    return size <= filled ? this.buffered.subarray(0, size) : undefined;
  }
}
