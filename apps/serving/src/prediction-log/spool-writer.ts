import { crc32 } from 'node:zlib';
import { encodeDefinition, encodePredictions, type LogDefinition, type LoggedRows } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { Logger } from '@gimbal/platform';
import { createSegment } from './create-segment.js';
import { SPOOL_FILES, type SpoolFiles } from './spool-files.js';

export interface SpoolWriterOptions {
  readonly directory: string;
  /** Number of the first segment to write; greater than that of every segment there is. */
  readonly firstSegment: number;
  /** Bytes in segments that other processes left behind and that are not shipped yet. */
  readonly inheritedBytes: number;
  /** `none`: an answer waits until the kernel has the row (safe against kill -9); `batch`: until the disk has it (safe against power loss). */
  readonly sync: 'none' | 'batch';
  readonly segmentBytesMax: number;
  readonly segmentAgeMsMax: number;
  /** Most bytes of all segments; then rows are refused as `storage-full`. */
  readonly bytesMax: number;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  readonly files?: SpoolFiles;
}

/** How far the log is safe: segments before `segment` are complete, and of it the first `bytes`. */
export interface SpoolEnd {
  readonly segment: number;
  readonly bytes: number;
}

interface Staged {
  readonly definition: LogDefinition;
  readonly rows: LoggedRows;
  readonly resolve: () => void;
  readonly reject: (error: DomainError) => void;
}

interface OpenSegment {
  readonly number: number;
  readonly descriptor: number;
  readonly openedAtMs: number;
  readonly definitions: Map<LogDefinition, number>;
  bytes: number;
}

const failureOf = (error: unknown): DomainError => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new DomainError('storage-full', 'The prediction log has no space left; nothing was answered.', {
      cause: error,
    });
  return new DomainError('storage-failed', 'The prediction log cannot be written; nothing was answered.', {
    cause: error,
  });
};

/**
 * Appends answered rows to the log before their answers leave. All rows that are appended in one turn go out in one write. When a write
 * fails, the rows of that write are refused, the file is cut back to where it was, and the next write tries again.
 */
export class SpoolWriter {
  private readonly options: SpoolWriterOptions;
  private readonly files: SpoolFiles;
  private segment: OpenSegment | undefined;
  private nextSegment: number;
  private staged: Staged[] = [];
  private commitScheduled = false;
  private syncing = false;
  private usedBytes: number;
  private safe: SpoolEnd;
  private failing = false;
  private closed = false;
  private onIdle: (() => void) | undefined;
  /** Called after each good write with the number of its rows. */
  onCommitted: (rows: number) => void = () => undefined;

  constructor(options: SpoolWriterOptions) {
    this.options = options;
    this.files = options.files ?? SPOOL_FILES;
    this.nextSegment = options.firstSegment;
    this.usedBytes = options.inheritedBytes;
    this.safe = { segment: options.firstSegment, bytes: 0 };
  }

  get end(): SpoolEnd {
    return this.safe;
  }

  /** Bytes in all segments on disk. */
  get bytes(): number {
    return this.usedBytes;
  }

  /** True when the last write failed. */
  get isFailing(): boolean {
    return this.failing;
  }

  /** Something was written beside the log and stayed: rows may be taken again before one tries. */
  clearFailure(): void {
    if (this.usedBytes < this.options.bytesMax) this.failing = false;
  }

  /** A shipped segment was deleted. */
  forget(bytes: number): void {
    this.usedBytes -= bytes;
  }

  /**
   * Resolves once the rows are as safe as `sync` promises.
   * @throws DomainError `storage-full`, `storage-failed`: the rows are not in the log and must not be answered
   */
  append(definition: LogDefinition, rows: LoggedRows): Promise<void> {
    if (this.closed) return Promise.reject(new DomainError('service-unavailable', 'The service is shutting down.'));
    return new Promise((resolve, reject) => {
      this.staged.push({ definition, rows, resolve, reject });
      this.scheduleCommit();
    });
  }

  /** Ends the open segment, so that all of it may be shipped and deleted; the next append begins another. */
  seal(): void {
    const { segment } = this;
    if (!segment || this.syncing) return;
    this.segment = undefined;
    this.safe = { segment: this.nextSegment, bytes: 0 };
    this.files.closeSync(segment.descriptor);
  }

  /** Writes what is staged and closes the file. */
  close(): Promise<void> {
    this.closed = true;
    return new Promise((resolve) => {
      this.onIdle = resolve;
      if (!this.syncing) this.finish();
    });
  }

  private finish(): void {
    this.commit();
    if (this.syncing) return; // comes back when the disk has answered
    this.seal();
    this.onIdle?.();
  }

  private scheduleCommit(): void {
    if (this.commitScheduled || this.syncing) return;
    this.commitScheduled = true;
    // Behind all promise callbacks of this turn: every answer of the batch is staged by then.
    process.nextTick(() => {
      this.commitScheduled = false;
      if (!this.syncing) this.commit();
    });
  }

  private commit(): void {
    const { staged } = this;
    if (staged.length === 0) return;
    this.staged = [];
    let segment: OpenSegment | undefined;
    let before = 0;
    try {
      segment = this.openSegment();
      before = segment.bytes;
      this.write(segment, staged);
    } catch (error) {
      this.refuse(staged, segment, before, error);
      return;
    }
    if (this.options.sync === 'none') this.accept(staged, segment);
    else this.sync(staged, segment, before);
  }

  private write(segment: OpenSegment, staged: readonly Staged[]): void {
    const records: Buffer[] = [];
    for (const { definition, rows } of staged) {
      let index = segment.definitions.get(definition);
      if (index === undefined) {
        index = segment.definitions.size;
        segment.definitions.set(definition, index);
        records.push(encodeDefinition(index, definition, crc32));
      }
      records.push(...encodePredictions(index, rows, crc32));
    }
    const bytes = records.length === 1 && records[0] ? records[0] : Buffer.concat(records);
    if (this.usedBytes + bytes.length > this.options.bytesMax)
      throw new DomainError('storage-full', 'The prediction log has reached its limit; nothing was answered.');
    for (let written = 0; written < bytes.length; ) {
      written += this.files.writeSync(
        segment.descriptor,
        bytes,
        written,
        bytes.length - written,
        segment.bytes + written,
      );
    }
    segment.bytes += bytes.length;
    this.usedBytes += bytes.length;
  }

  private sync(staged: readonly Staged[], segment: OpenSegment, before: number): void {
    this.syncing = true;
    this.files.fdatasync(segment.descriptor, (error) => {
      this.syncing = false;
      if (error) this.refuse(staged, segment, before, error);
      else this.accept(staged, segment);
      if (this.closed) this.finish();
      else if (this.staged.length > 0) this.scheduleCommit();
    });
  }

  private accept(staged: readonly Staged[], segment: OpenSegment): void {
    this.safe = { segment: segment.number, bytes: segment.bytes };
    if (this.failing) {
      this.failing = false;
      this.options.logger.info({ segment: segment.number }, 'prediction log can be written again');
    }
    let rows = 0;
    for (const one of staged) {
      rows += one.rows.count;
      one.resolve();
    }
    this.onCommitted(rows);
  }

  private refuse(staged: readonly Staged[], segment: OpenSegment | undefined, before: number, error: unknown): void {
    if (segment) this.cutBack(segment, before);
    const failure = error instanceof DomainError ? error : failureOf(error);
    if (!this.failing) {
      this.failing = true;
      this.options.logger.warn({ err: error, code: failure.code }, 'prediction log cannot be written');
    }
    for (const { reject } of staged) reject(failure);
  }

  /** Takes a failed write out of the file; when even that fails the segment is given up, so that nothing is ever written behind damage. */
  private cutBack(segment: OpenSegment, bytes: number): void {
    this.usedBytes -= segment.bytes - bytes;
    segment.bytes = bytes;
    segment.definitions.clear(); // their records may be among what is cut off
    try {
      this.files.ftruncateSync(segment.descriptor, bytes);
    } catch (error) {
      this.options.logger.warn({ err: error, segment: segment.number }, 'prediction log segment given up');
      this.segment = undefined;
      this.files.closeSync(segment.descriptor);
    }
  }

  private openSegment(): OpenSegment {
    const { segment } = this;
    const { directory, sync, segmentBytesMax, segmentAgeMsMax } = this.options;
    if (segment && segment.bytes < segmentBytesMax && performance.now() - segment.openedAtMs < segmentAgeMsMax)
      return segment;
    if (segment) this.seal();
    const number = this.nextSegment;
    this.nextSegment = number + 1;
    const { descriptor, bytes } = createSegment(this.files, directory, { number, sync });
    this.segment = { number, descriptor, openedAtMs: performance.now(), definitions: new Map(), bytes };
    this.usedBytes += bytes;
    return this.segment;
  }
}
