import type { LogDefinition, LoggedRows } from '@gimbal/contracts';
import { currentTracing, type Logger } from '@gimbal/platform';
import { readCursor } from './shipping-cursor.js';
import type { SpoolFiles } from './spool-files.js';
import { listSegments, probeFolder } from './spool-folder.js';
import { SpoolShipper, type SpoolShipperOptions } from './spool-shipper.js';
import { SpoolWriter, type SpoolWriterOptions } from './spool-writer.js';
import { LoggedTraces, traceShipping } from './trace-shipping.js';

export interface PredictionLogOptions
  extends Pick<SpoolWriterOptions, 'directory' | 'sync' | 'segmentBytesMax' | 'segmentAgeMsMax' | 'bytesMax'>,
    Pick<SpoolShipperOptions, 'publish' | 'rowsPerJob' | 'delayMs'> {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly files?: SpoolFiles;
}

/** What is kept of the log, for those who watch it. */
export interface PredictionLogState {
  readonly waitingRows: number;
  readonly waitingBytes: number;
  readonly shippedRows: number;
  /** The disk refuses: predictions are answered 503. */
  readonly isFailing: boolean;
  /** The queue refuses: rows wait. */
  readonly isBlocked: boolean;
}

const SHIP_AT_CLOSE_MS = 2_000;

/** The log that every answered prediction is in before its answer leaves, and from which each reaches the queue. */
export class PredictionLog {
  private readonly writer: SpoolWriter;
  private readonly shipper: SpoolShipper;
  private readonly directory: string;
  private readonly traces: LoggedTraces;

  private constructor(directory: string, writer: SpoolWriter, shipper: SpoolShipper, traces: LoggedTraces) {
    this.directory = directory;
    this.writer = writer;
    this.shipper = shipper;
    this.traces = traces;
    writer.onCommitted = (rows) => shipper.notify(rows);
  }

  /** Opens the folder, which one process at a time may use. Shipping begins with {@link startShipping}. */
  static async open(options: PredictionLogOptions): Promise<PredictionLog> {
    const { directory } = options;
    const segments = await listSegments(directory);
    // Behind the cursor, too: a segment of a number that was shipped once would be taken for the one that was.
    const firstSegment = Math.max(segments.at(-1)?.number ?? 0, (await readCursor(directory)).segment) + 1;
    const inheritedBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    const writer = new SpoolWriter({ ...options, firstSegment, inheritedBytes });
    const traces = new LoggedTraces();
    const publish = traceShipping(options.publish, traces);
    const shipper = new SpoolShipper({ ...options, publish, writer, firstSegment });
    return new PredictionLog(directory, writer, shipper, traces);
  }

  startShipping(): Promise<void> {
    return this.shipper.start();
  }

  /**
   * Resolves once the rows are in the log.
   * @throws DomainError `storage-full`, `storage-failed`: they are not, and must not be answered
   */
  append(definition: LogDefinition, rows: LoggedRows): Promise<void> {
    const tracing = currentTracing();
    if (!tracing) return this.writer.append(definition, rows);
    return this.traces.trace(tracing, () => this.writer.append(definition, rows));
  }

  get state(): PredictionLogState {
    const { waitingRows, waitingBytes, shippedRows, isBlocked } = this.shipper;
    return { waitingRows, waitingBytes, shippedRows, isBlocked, isFailing: this.writer.isFailing };
  }

  /**
   * Asks a disk that refused whether it takes bytes again, so that readiness returns without a caller who tries.
   * @throws the file system's error when it does not
   */
  async probe(): Promise<void> {
    if (!this.writer.isFailing) return;
    await probeFolder(this.directory);
    this.writer.clearFailure();
  }

  /** Writes what is left, and ships it when the queue takes it quickly; else the next process does. */
  async close(): Promise<void> {
    await this.writer.close();
    await this.shipper.stop(SHIP_AT_CLOSE_MS);
  }
}
