import type { FileHandle } from 'node:fs/promises';
import type { DeclaredForm } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { type ColumnReading, CsvReader, PARQUET_MARK, ParquetReader, type TableBlock } from '@gimbal/tabular';

/** How a file is read. */
export interface TableReading {
  /** Shown in errors. */
  readonly fileName: string;
  readonly form: DeclaredForm;
  /** Default: those that mean missing everywhere. */
  readonly missingTokens?: readonly string[] | undefined;
  readonly reading: (column: string) => ColumnReading;
}

/** What a file holds. */
export interface TableSummary {
  readonly columns: readonly string[];
  readonly rows: number;
}

/** Read at once of a CSV file. */
const CHUNK_BYTES = 524_288;
/** Rows of a Parquet file that are in memory at once. */
const SLICE_ROWS = 16_384;

/**
 * A CSV or Parquet file, read in bounded memory. Its faults are DomainErrors `dataset-invalid` with file, line and column.
 */
export class TableRows {
  private constructor(
    private readonly file: FileHandle,
    private readonly bytes: number,
    private readonly isParquet: boolean,
  ) {}

  static async open(file: FileHandle): Promise<TableRows> {
    const { size } = await file.stat();
    const head = await readRange(file, 0, Math.min(size, PARQUET_MARK.length));
    return new TableRows(file, size, PARQUET_MARK.equals(head));
  }

  /** Looks through the whole file, so that one that breaks off is refused before anything is done with its rows. */
  async summarize(how: TableReading, signal: AbortSignal): Promise<TableSummary> {
    let columns: readonly string[] = [];
    let rows = 0;
    for await (const { block, names } of this.read(how, 0)) {
      signal.throwIfAborted();
      columns = names;
      rows += block.rowCount;
    }
    return { columns, rows };
  }

  /** The rows from `firstRow` on, which counts from 0; a block, with the names of its columns, is valid until the next one is asked for. */
  async *read(
    how: TableReading,
    firstRow: number,
  ): AsyncGenerator<{ readonly block: TableBlock; readonly names: readonly string[] }> {
    const { fileName, form, missingTokens, reading } = how;
    const options = { file: fileName, ...(missingTokens && { missingTokens }), reading };
    if (this.isParquet) {
      const reader = await ParquetReader.open(
        { bytes: this.bytes, slice: (start, end) => readRange(this.file, start, end) },
        options,
      );
      for await (const block of reader.slices(SLICE_ROWS, firstRow)) yield { block, names: reader.columns };
      return;
    }
    const reader = new CsvReader({ ...options, form });
    for (let start = 0; start < this.bytes; start += CHUNK_BYTES) {
      const block = reader.push(await readRange(this.file, start, Math.min(this.bytes, start + CHUNK_BYTES)));
      if (block && block.firstRow + block.rowCount > firstRow) yield { block, names: reader.columns };
    }
    const block = reader.end();
    if (block) yield { block, names: reader.columns };
  }
}

async function readRange(file: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, offset, bytes.length - offset, start + offset);
    if (bytesRead === 0) throw new DomainError('dataset-invalid', 'The file became shorter while it was read.');
    offset += bytesRead;
  }
  return bytes;
}
