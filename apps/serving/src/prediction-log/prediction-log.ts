import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@gimbal/platform';
import { listSegments } from './spool-folder.js';
import type { LogDefinition, LoggedRow } from './spool-record.js';
import { SpoolShipper, type SpoolShipperOptions } from './spool-shipper.js';
import { type SpoolFiles, SpoolWriter, type SpoolWriterOptions } from './spool-writer.js';

export interface PredictionLogOptions
  extends Pick<SpoolWriterOptions, 'directory' | 'sync' | 'segmentBytesMax' | 'segmentAgeMsMax' | 'bytesMax'>,
    Pick<SpoolShipperOptions, 'publish' | 'rowsPerJob' | 'delayMs'> {
  readonly logger: Logger;
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

  private constructor(writer: SpoolWriter, shipper: SpoolShipper) {
    this.writer = writer;
    this.shipper = shipper;
    writer.onCommitted = (rows) => shipper.notify(rows);
  }

  /** Opens the folder, which one process at a time may use. Shipping begins with {@link startShipping}. */
  static async open(options: PredictionLogOptions): Promise<PredictionLog> {
    const { directory } = options;
    const segments = await listSegments(directory);
    const firstSegment = (segments.at(-1)?.number ?? 0) + 1;
    const inheritedBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    const writer = new SpoolWriter({ ...options, firstSegment, inheritedBytes });
    const shipper = new SpoolShipper({ ...options, writer, firstSegment, spoolId: await readSpoolId(directory) });
    return new PredictionLog(writer, shipper);
  }

  startShipping(): Promise<void> {
    return this.shipper.start();
  }

  /**
   * Resolves once the rows are in the log.
   * @throws DomainError `storage-full`, `storage-failed`: they are not, and must not be answered
   */
  append(definition: LogDefinition, rows: readonly LoggedRow[]): Promise<void> {
    return this.writer.append(definition, rows);
  }

  get state(): PredictionLogState {
    const { waitingRows, waitingBytes, shippedRows, isBlocked } = this.shipper;
    return { waitingRows, waitingBytes, shippedRows, isBlocked, isFailing: this.writer.isFailing };
  }

  /** Writes what is left, and ships it when the queue takes it quickly; else the next process does. */
  async close(): Promise<void> {
    await this.writer.close();
    await this.shipper.stop(SHIP_AT_CLOSE_MS);
  }
}

/** The folder's own name in job ids: two replicas never make the same one. */
async function readSpoolId(directory: string): Promise<string> {
  const path = join(directory, 'spool-id');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (/^[0-9a-f]{16}$/.test(kept)) return kept;
  const fresh = randomBytes(8).toString('hex');
  try {
    const file = await open(`${path}.new`, 'w', 0o600);
    await file.writeFile(fresh).finally(() => file.close());
    await rename(`${path}.new`, path);
  } catch {
    // A full disk refuses predictions, not the start: this process ships under a name of its own.
  }
  return fresh;
}
