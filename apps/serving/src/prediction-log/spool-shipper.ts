import { stat } from 'node:fs/promises';
import type { JobPayload } from '@gimbal/contracts';
import type { Logger } from '@gimbal/platform';
import { RecordBundle } from './record-bundle.js';
import { readCursor, ShippingCursor, type ShippingPosition } from './shipping-cursor.js';
import { deleteSegment, listSegments, type SegmentFile, setAside } from './spool-folder.js';
import { type SegmentEnding, SpoolReader } from './spool-reader.js';
import type { SpoolWriter } from './spool-writer.js';

type SpooledBatch = JobPayload<'predictions.spooled'>;

export interface SpoolShipperOptions {
  readonly directory: string;
  readonly writer: SpoolWriter;
  /** Number of the writer's first segment: those before it were left behind by earlier processes. */
  readonly firstSegment: number;
  /** Hands a job to the queue; resolves when the queue has it. A repeat with the same id must be harmless. */
  readonly publish: (jobId: string, batch: SpooledBatch) => Promise<void>;
  /** Most rows of one job; a record that has more is a job by itself. */
  readonly rowsPerJob: number;
  /** Longest time that a row waits for company, in ms. */
  readonly delayMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/**
 * Most bytes of one job before they are base64; a record that has more is a job by itself. Texts of more than 128 KiB lie apart in V8's heap and count as
 * old from their first collection on: each second of load brought a full collection nearer, which is what the slowest answers waited for. Where so
 * many rows wait that small jobs do not catch up, they are large all the same.
 */
const JOB_BYTES_MAX = { usual: 92_160, behind: 1_048_576 } as const;
/** So many jobs' rows wait. */
const JOBS_BEHIND = 20;
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 10_000;

/**
 * Takes the prediction log to the queue, oldest row first. What the queue has accepted is remembered in a cursor file; a segment is
 * deleted when all of it was accepted. A job's id names the segment and the bytes it was made of, so a crash between "accepted" and "remembered"
 * leads to the same job again, or to one whose rows the consumer knows in part by their ids.
 */
export class SpoolShipper {
  private readonly options: SpoolShipperOptions;
  private readonly kept: ShippingCursor;
  private cursor: ShippingPosition = { segment: 0, bytes: 0 };
  private reader: { readonly segment: number; readonly file: SpoolReader } | undefined;
  private readonly bundle = new RecordBundle();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private retryMs = RETRY_MIN_MS;
  private started = false;
  private stopped = false;
  private waiting = 0;
  private shipped = 0;
  private blocked = false;
  private counted = false;

  constructor(options: SpoolShipperOptions) {
    this.options = options;
    this.kept = new ShippingCursor(options.directory);
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
    this.wake(this.options.delayMs); // under load, too: fewer and larger jobs cost less
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
    await this.rewind();
    this.kept.close();
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
      const limit = sealed ? (await stat(file.path)).size : file.number === writing ? safeBytes : 0;
      const ending = await this.gather(file, limit);
      if (this.bundle.rows > 0) await this.ship(file.number);
      if (ending === undefined) continue; // the job was full
      if (sealed) await this.finish(file, ending);
      return; // what was written meanwhile waits for company: a job costs as much as a hundred rows
    }
  }

  /** Bundles records up to `limit` bytes of the segment until they make a job. */
  private async gather(file: SegmentFile, limit: number): Promise<SegmentEnding | undefined> {
    const reader = await this.readerOf(file);
    const { bundle } = this;
    bundle.clear();
    const isBehind = this.waiting > JOBS_BEHIND * this.options.rowsPerJob;
    const bytesMax = isBehind ? JOB_BYTES_MAX.behind : JOB_BYTES_MAX.usual;
    return reader.read(limit, (record) => {
      if (record.end <= this.cursor.bytes) return true; // read for its definitions only
      const rows = bundle.rows + record.rows;
      const bytes = bundle.bytes + record.bytes.length;
      if (bundle.rows > 0 && (rows > this.options.rowsPerJob || bytes > bytesMax)) return false;
      bundle.add(record);
      return true;
    });
  }

  private async countInherited(segments: readonly SegmentFile[]): Promise<void> {
    for (const file of segments) {
      if (file.number < this.cursor.segment || file.number >= this.options.firstSegment) continue;
      const reader = await SpoolReader.open(file.path);
      try {
        await reader.read(file.bytes, ({ end, rows }) => {
          if (file.number > this.cursor.segment || end > this.cursor.bytes) this.waiting += rows;
          return true;
        });
      } finally {
        await reader.close();
      }
    }
    this.counted = true;
  }

  private async ship(segment: number): Promise<void> {
    const { rows, start, end } = this.bundle;
    const batchId = `predictions-${this.reader?.file.name ?? ''}-${start}-${end}`;
    try {
      await this.options.publish(batchId, { v: 1, batchId, rows, records: this.bundle.toBase64() });
    } catch (error) {
      await this.rewind();
      throw error;
    }
    this.shipped += rows;
    this.waiting = Math.max(0, this.waiting - rows);
    this.blocked = false;
    this.cursor = { segment, bytes: end };
    this.remember();
  }

  /** A full disk must not stop the shipping that will free it: without its cursor a later process only repeats what is known. */
  private remember(): void {
    if (this.stopped) return; // the folder may be another process's by now
    try {
      this.kept.keep(this.cursor);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'shipping position cannot be kept');
    }
  }

  private async finish(file: SegmentFile, ending: SegmentEnding): Promise<void> {
    const { logger, writer } = this.options;
    const facts = { segment: file.number, position: this.reader?.file.position ?? 0 };
    await this.rewind();
    if (ending === 'damaged') {
      logger.error(facts, 'prediction log segment is damaged; what is behind the damage is set aside');
      writer.forget((await stat(file.path)).size);
      await setAside(file.path);
    } else {
      if (ending === 'torn') logger.info(facts, 'prediction log segment ends in a record that was never answered');
      await this.drop(file);
    }
    this.cursor = { segment: file.number + 1, bytes: 0 };
    this.remember();
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
    const { reader } = this;
    this.reader = undefined;
    await reader?.file.close();
  }
}
