import { stat } from 'node:fs/promises';
import type { JobPayload } from '@gimbal/contracts';
import type { Logger } from '@gimbal/platform';
import {
  deleteSegment,
  listSegments,
  readCursor,
  type SegmentFile,
  type SpoolCursor,
  setAside,
  writeCursor,
} from './spool-folder.js';
import { type SegmentEnding, type SpooledBatch, SpoolReader } from './spool-reader.js';
import type { SpoolWriter } from './spool-writer.js';
import { toJobRows } from './to-job-rows.js';

type LoggedBatch = JobPayload<'prediction.logged'>;

export interface SpoolShipperOptions {
  readonly directory: string;
  readonly writer: SpoolWriter;
  /** Number of the writer's first segment: those before it were left behind by earlier processes. */
  readonly firstSegment: number;
  /** Hands a job to the queue; resolves when the queue has it. A repeat with the same id must be harmless. */
  readonly publish: (jobId: string, batch: LoggedBatch) => Promise<void>;
  /** Rows of one job, about: a micro-batch is never cut, so up to 1000. */
  readonly rowsPerJob: number;
  /** Longest time that a row waits for company, in ms. */
  readonly delayMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

const ROWS_PER_JOB_MAX = 1_000;
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 10_000;

interface ReadRun {
  /** Of the segment. */
  readonly name: string;
  readonly batches: readonly SpooledBatch[];
  readonly start: number;
  readonly end: number;
  readonly ending: SegmentEnding | undefined;
}

/**
 * Takes the prediction log to the queue, oldest row first. What the queue has accepted is remembered in a cursor file; a segment is
 * deleted when all of it was accepted. A job's id names the segment and the bytes it was made of, so a crash between "accepted" and "remembered"
 * leads to the same job again, or to one whose rows the consumer knows in part by their ids.
 */
export class SpoolShipper {
  private readonly options: SpoolShipperOptions;
  private cursor: SpoolCursor = { segment: 0, bytes: 0 };
  private reader: { readonly segment: number; readonly file: SpoolReader } | undefined;
  private pending: SpooledBatch | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private retryMs = RETRY_MIN_MS;
  private started = false;
  private stopped = false;
  private waiting = 0;
  private shipped = 0;
  private blocked = false;
  private counted = false;
  private unshippable = false;

  constructor(options: SpoolShipperOptions) {
    this.options = options;
  }

  /** Rows in the log that the queue does not have yet. Those left behind by earlier processes are counted soon after the start. */
  get waitingRows(): number {
    return this.waiting;
  }

  get waitingBytes(): number {
    return this.hasMore() ? Math.max(0, this.options.writer.bytes - this.cursor.bytes) : 0;
  }

  get shippedRows(): number {
    return this.shipped;
  }

  /** True while the queue refuses jobs. */
  get isBlocked(): boolean {
    return this.blocked;
  }

  /** Begins with what earlier processes left behind. */
  async start(): Promise<void> {
    this.cursor = await readCursor(this.options.directory);
    this.started = true;
    this.wake(0);
  }

  /** New rows are in the log. */
  notify(rows: number): void {
    this.waiting += rows;
    if (this.blocked) return; // a retry is on its way
    if (this.waiting >= this.options.rowsPerJob) this.wake(0);
    else this.wake(this.options.delayMs);
  }

  /** Tries once more to ship everything, at most for `deadlineMs`; what remains is shipped by the next process. */
  async stop(deadlineMs: number): Promise<void> {
    clearTimeout(this.timer);
    let late: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      late = setTimeout(resolve, deadlineMs);
    });
    if (this.started) await Promise.race([(this.running ?? Promise.resolve()).then(() => this.run()), deadline]);
    clearTimeout(late);
    this.stopped = true;
    clearTimeout(this.timer);
    await this.reader?.file.close();
    this.reader = undefined;
  }

  private wake(delayMs: number): void {
    if (!this.started || this.stopped || this.running) return;
    if (this.timer !== undefined) {
      if (delayMs > 0) return;
      clearTimeout(this.timer);
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.run();
    }, delayMs);
  }

  private run(): Promise<void> {
    if (this.running) return this.running;
    this.running = this.shipAll()
      .then(
        () => {
          this.retryMs = RETRY_MIN_MS;
          this.blocked = false;
          return 0;
        },
        (error: unknown) => {
          if (!this.blocked)
            this.options.logger.warn({ err: error }, 'predictions cannot be shipped; they wait in the log');
          this.blocked = true;
          this.retryMs = Math.min(this.retryMs * 2, RETRY_MAX_MS);
          return this.retryMs;
        },
      )
      .then((retryMs) => {
        this.running = undefined;
        if (retryMs > 0) this.wake(retryMs);
        else if (this.hasMore()) this.wake(this.options.delayMs);
      });
    return this.running;
  }

  private hasMore(): boolean {
    const { segment, bytes } = this.options.writer.end;
    return this.cursor.segment < segment || (this.cursor.segment === segment && this.cursor.bytes < bytes);
  }

  private async shipAll(): Promise<void> {
    const { segment: writing } = this.options.writer.end;
    const segments = await listSegments(this.options.directory);
    if (!this.counted) await this.countInherited(segments);
    for (const file of segments) {
      if (this.stopped) return;
      if (file.number < this.cursor.segment) {
        await this.drop(file); // accepted by an earlier process that died before deleting it
        continue;
      }
      if (file.number > this.cursor.segment) this.cursor = { segment: file.number, bytes: 0 };
      await this.shipSegment(file);
    }
    // Numbers without a file (a segment that could not be begun) are behind us, too.
    if (this.cursor.segment < writing) this.cursor = { segment: writing, bytes: 0 };
  }

  private async shipSegment(file: SegmentFile): Promise<void> {
    for (;;) {
      const { writer } = this.options;
      const { segment: writing, bytes: safeBytes } = writer.end;
      const sealed = file.number < writing; // asked before reading: what is sealed later may hold rows not read yet
      const run = await this.read(
        file,
        sealed ? (await stat(file.path)).size : file.number === writing ? safeBytes : 0,
      );
      if (run.batches.length > 0) {
        await this.ship(file.number, run);
        continue;
      }
      if (sealed) await this.finish(file, run.ending ?? 'complete');
      return;
    }
  }

  /** Collects micro-batches up to `limit` bytes of the segment until they make a job. */
  private async read(file: SegmentFile, limit: number): Promise<ReadRun> {
    const reader = await this.readerOf(file);
    const batches: SpooledBatch[] = [];
    let rows = 0;
    let start = this.cursor.bytes;
    let end = start;
    for (;;) {
      const next = this.pending ?? (await reader.next(limit));
      this.pending = undefined;
      if (typeof next === 'string') return { name: reader.name, batches, start, end, ending: next };
      if (next.end <= this.cursor.bytes) continue; // read for its definitions only
      if (batches.length > 0 && rows + next.rows.length > this.options.rowsPerJob) {
        this.pending = next;
        return { name: reader.name, batches, start, end, ending: undefined };
      }
      if (batches.length === 0) start = next.start;
      batches.push(next);
      rows += next.rows.length;
      end = next.end;
    }
  }

  private async countInherited(segments: readonly SegmentFile[]): Promise<void> {
    for (const file of segments) {
      if (file.number < this.cursor.segment || file.number >= this.options.firstSegment) continue;
      const reader = await SpoolReader.open(file.path);
      try {
        for (let next = await reader.next(file.bytes); typeof next !== 'string'; next = await reader.next(file.bytes)) {
          if (file.number > this.cursor.segment || next.end > this.cursor.bytes) this.waiting += next.rows.length;
        }
      } finally {
        await reader.close();
      }
    }
    this.counted = true;
  }

  private async ship(segment: number, { name, batches, start, end }: ReadRun): Promise<void> {
    const rows = batches.flatMap(toJobRows);
    const jobId = `predictions-${name}-${start}-${end}`;
    for (let from = 0; from < rows.length; from += ROWS_PER_JOB_MAX) {
      const id = from === 0 ? jobId : `${jobId}-${from}`;
      await this.hand(id, { v: 1, batchId: id, rows: rows.slice(from, from + ROWS_PER_JOB_MAX) });
    }
    this.shipped += rows.length;
    this.waiting = Math.max(0, this.waiting - rows.length);
    this.blocked = false;
    this.cursor = { segment, bytes: end };
    await this.remember();
  }

  private async hand(jobId: string, batch: LoggedBatch): Promise<void> {
    try {
      await this.options.publish(jobId, batch);
    } catch (error) {
      if (error instanceof Error && error.name === 'ZodError') {
        // A bug of ours; trying again can't help, and everything behind it would wait for ever.
        this.options.logger.error(
          { job_id: jobId, rows: batch.rows.length },
          'predictions break the contract of their job; their segment is kept aside',
        );
        this.unshippable = true;
        return;
      }
      await this.rewind();
      throw error;
    }
  }

  /** A full disk must not stop the shipping that will free it: without its cursor a later process only repeats what is known. */
  private async remember(): Promise<void> {
    try {
      await writeCursor(this.options.directory, this.cursor);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'shipping position cannot be kept');
    }
  }

  private async finish(file: SegmentFile, ending: SegmentEnding): Promise<void> {
    const { logger, writer } = this.options;
    const facts = { segment: file.number, position: this.reader?.file.position ?? 0 };
    await this.rewind();
    if (ending === 'damaged' || this.unshippable) {
      if (ending === 'damaged')
        logger.error(facts, 'prediction log segment is damaged; what is behind the damage is set aside');
      writer.forget((await stat(file.path)).size);
      await setAside(file.path);
    } else {
      if (ending === 'torn') logger.info(facts, 'prediction log segment ends in a record that was never answered');
      await this.drop(file);
    }
    this.unshippable = false;
    this.cursor = { segment: file.number + 1, bytes: 0 };
    await this.remember();
  }

  private async drop(file: SegmentFile): Promise<void> {
    const { size } = await stat(file.path);
    await deleteSegment(file.path);
    this.options.writer.forget(size);
  }

  private async readerOf({ number, path }: SegmentFile): Promise<SpoolReader> {
    if (this.reader?.segment === number) return this.reader.file;
    await this.rewind();
    const file = await SpoolReader.open(path);
    this.reader = { segment: number, file };
    return file;
  }

  private async rewind(): Promise<void> {
    this.pending = undefined;
    const { reader } = this;
    this.reader = undefined;
    await reader?.file.close();
  }
}
