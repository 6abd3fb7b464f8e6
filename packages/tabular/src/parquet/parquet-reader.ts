import { setImmediate } from 'node:timers/promises';
import { MISSING_TOKENS, TABLE_COLUMNS_MAX, type TableForm } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { type ColumnData, type FileMetaData, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ColumnBuffer, type ColumnReading, type TableBlock } from '../table-block.js';

/** The bytes of a file, in any order. */
export interface ByteSource {
  readonly bytes: number;
  /** The bytes from `start` up to `end`, which is within the file. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface ParquetReadOptions {
  /** Shown in errors. */
  readonly file: string;
  readonly missingTokens?: readonly string[];
  /** How each column is read, by its name; default: `values` for all. */
  readonly reading?: (column: string) => ColumnReading;
}

/** First and last bytes of a Parquet file. */
export const PARQUET_MARK = Buffer.from('PAR1');
const PARQUET_FORM: TableForm = {
  format: 'parquet',
  delimiter: null,
  decimal: null,
  encoding: null,
  header: null,
};

/** One column of one row group is in memory at a time: these bound it. */
const GROUP_ROWS_MAX = 10_000_000;
const CHUNK_BYTES_MAX = 2_147_483_648;

/**
 * Reads a Parquet file one column of one row group at a time: a block holds one column. Texts stay texts even when they spell numbers, since
 * the file says what they are; dates and times become ISO texts in UTC.
 *
 * Every fault is a DomainError `dataset-invalid` that names the file and, where there is one, the column.
 */
export class ParquetReader {
  readonly tableForm = PARQUET_FORM;

  private constructor(
    private readonly source: ByteSource,
    private readonly options: ParquetReadOptions,
    private readonly metadata: FileMetaData,
    /** Names of the columns. */
    readonly columns: readonly string[],
  ) {}

  /** Reads what the file says of itself. */
  static async open(source: ByteSource, options: ParquetReadOptions): Promise<ParquetReader> {
    const invalid = (problem: string, cause?: unknown): DomainError =>
      new DomainError('dataset-invalid', `${options.file}: ${problem}.`, { cause });
    const head = source.bytes < 12 ? undefined : await source.slice(source.bytes - 4, source.bytes);
    if (!head || !PARQUET_MARK.equals(head)) throw invalid('the Parquet file has no end: it was cut');
    const metadata = await parquetMetadataAsync(bufferOf(source), { geoparquet: false }).catch((error: unknown) => {
      throw invalid("the Parquet file's description cannot be read", error);
    });
    const { children } = parquetSchema(metadata);
    const nested = children.find((child) => child.children.length > 0 || child.element.repetition_type === 'REPEATED');
    if (nested) throw invalid(`column ${nested.element.name} is nested, which a table cannot be`);
    const names = children.map(({ element }) => element.name);
    if (names.length > TABLE_COLUMNS_MAX)
      throw invalid(`${names.length} columns; at most ${TABLE_COLUMNS_MAX} are taken`);
    const bad = names.find((name, index) => name === '' || name.length > 200 || names.indexOf(name) !== index);
    if (bad !== undefined) throw invalid(`the column name "${bad.slice(0, 40)}" is empty, too long or there twice`);
    if (metadata.num_rows === 0n || names.length === 0) throw invalid('the file has no rows');
    for (const { num_rows, columns } of metadata.row_groups) {
      const isLarge = columns.some(
        ({ meta_data }) => Number(meta_data?.total_uncompressed_size ?? 0) > CHUNK_BYTES_MAX,
      );
      if (Number(num_rows) > GROUP_ROWS_MAX || isLarge)
        throw invalid(`a row group has more than ${GROUP_ROWS_MAX} rows or ${CHUNK_BYTES_MAX} bytes a column`);
    }
    return new ParquetReader(source, options, metadata, names);
  }

  /** The rows; a block is valid until the next one is asked for. */
  async *blocks(): AsyncGenerator<TableBlock> {
    const buffer = new ColumnBuffer();
    let firstRow = 0;
    for (const group of this.metadata.row_groups) {
      const rowCount = Number(group.num_rows);
      for (const [index, name] of this.columns.entries()) {
        const reading = this.options.reading?.(name) ?? 'values';
        if (reading === 'skip' || rowCount === 0) continue;
        buffer.reserve(rowCount);
        const place = { name, firstRow, rowCount };
        const chunks = await this.readColumn(place);
        await setImmediate(); // values are decoded without a break
        this.fill(buffer, chunks, place, reading);
        const columns = this.columns.map((_, other) => (other === index ? buffer : null));
        const start = firstRow;
        yield { firstRow, rowCount, columns, placeOf: (row) => `row ${start + row + 1}` };
      }
      firstRow += rowCount;
    }
  }

  /**
   * The rows from `firstRow` on with all their columns side by side, at most `rowsMax` of one row group at a time; a block is valid until
   * the next one is asked for.
   */
  async *slices(rowsMax: number, firstRow = 0): AsyncGenerator<TableBlock> {
    const buffers = this.columns.map((name) =>
      (this.options.reading?.(name) ?? 'values') === 'skip' ? null : new ColumnBuffer(),
    );
    let groupStart = 0;
    for (const { num_rows } of this.metadata.row_groups) {
      const groupEnd = groupStart + Number(num_rows);
      for (let start = Math.max(groupStart, firstRow); start < groupEnd; start += rowsMax) {
        const rowCount = Math.min(rowsMax, groupEnd - start);
        await this.fillAll(buffers, start, rowCount);
        yield { firstRow: start, rowCount, columns: buffers, placeOf: (row) => `row ${start + row + 1}` };
      }
      groupStart = groupEnd;
    }
  }

  private async fillAll(buffers: readonly (ColumnBuffer | null)[], firstRow: number, rowCount: number): Promise<void> {
    for (const [index, name] of this.columns.entries()) {
      const buffer = buffers[index];
      if (!buffer) continue;
      buffer.reserve(rowCount);
      const place = { name, firstRow, rowCount };
      const chunks = await this.readColumn(place);
      await setImmediate(); // values are decoded without a break
      this.fill(buffer, chunks, place, this.options.reading?.(name) ?? 'values');
    }
  }

  private async readColumn({ name, firstRow, rowCount }: ChunkPlace): Promise<ColumnData[]> {
    const chunks: ColumnData[] = [];
    try {
      await parquetRead({
        file: bufferOf(this.source),
        metadata: this.metadata,
        columns: [name],
        rowStart: firstRow,
        rowEnd: firstRow + rowCount,
        compressors,
        geoparquet: false,
        parsers: PARSERS,
        // Only kept here: what is thrown out of this callback nobody could catch.
        onChunk: (chunk) => chunks.push(chunk),
      });
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw this.invalid({ name, firstRow, rowCount }, 'the Parquet file is broken', error);
    }
    return chunks;
  }

  private fill(buffer: ColumnBuffer, chunks: readonly ColumnData[], place: ChunkPlace, reading: ColumnReading): void {
    const missing = new Set<unknown>(this.options.missingTokens ?? MISSING_TOKENS);
    let filled = 0;
    for (const { columnData, rowStart } of chunks) {
      // Whole pages come, also when some of their rows are not wanted.
      const from = Math.max(0, place.firstRow - rowStart);
      const until = Math.min(columnData.length, place.firstRow + place.rowCount - rowStart);
      for (let i = from; i < until; i++, filled++) {
        const row = rowStart + i - place.firstRow;
        const value: unknown = columnData[i];
        if (value === null || value === undefined) buffer.setMissing(row);
        else if (typeof value === 'string') {
          const text = value.trim();
          if (text === '' || missing.has(text)) buffer.setMissing(row);
          else buffer.setText(row, text);
        } else if (typeof value === 'object') throw this.invalid(place, 'its values are neither numbers nor texts');
        else if (Number.isNaN(Number(value))) buffer.setMissing(row);
        else if (reading === 'texts') buffer.setText(row, String(value));
        else buffer.setNumber(row, Number(value));
      }
    }
    if (filled !== place.rowCount) throw this.invalid(place, `${filled} values for ${place.rowCount} rows`);
  }

  private invalid({ name, firstRow }: ChunkPlace, problem: string, cause?: unknown): DomainError {
    const place = `${this.options.file}, column ${name}, rows from ${firstRow + 1}`;
    return new DomainError('dataset-invalid', `${place}: ${problem}.`, { cause });
  }
}

/** One column of one row group. */
interface ChunkPlace {
  readonly name: string;
  readonly firstRow: number;
  readonly rowCount: number;
}

const bufferOf = ({ bytes, slice }: ByteSource) => ({
  byteLength: bytes,
  slice: async (start: number, end = bytes): Promise<ArrayBuffer> => {
    const from = start < 0 ? Math.max(0, bytes + start) : start;
    const part = await slice(from, Math.min(end, bytes));
    return part.byteOffset === 0 && part.byteLength === part.buffer.byteLength
      ? part.buffer
      : part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength);
  },
});

const MS_PER_DAY = 86_400_000;
/** ISO text of a time; undefined beyond what dates can say. */
const isoOf = (milliseconds: number): string | undefined =>
  Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : undefined;
const decoder = new TextDecoder();
const PARSERS = {
  timestampFromMilliseconds: (milliseconds: bigint) => isoOf(Number(milliseconds)),
  timestampFromMicroseconds: (microseconds: bigint) => isoOf(Number(microseconds) / 1_000),
  timestampFromNanoseconds: (nanoseconds: bigint) => isoOf(Number(nanoseconds) / 1_000_000),
  dateFromDays: (days: number) => isoOf(days * MS_PER_DAY)?.slice(0, 10),
  jsonFromBytes: (bytes: Uint8Array) => decoder.decode(bytes),
};
