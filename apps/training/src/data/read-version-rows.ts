import { readSync } from 'node:fs';
import type { DatasetVersion } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CsvReader, type InputStore, ParquetReader, type RawTable, TableBuilder } from '@gimbal/tabular';

/** An open file; every thread of the process may read it. */
export interface TableFile {
  readonly descriptor: number;
  readonly bytes: number;
}

/** Where the inputs go. */
export interface RowTarget {
  readonly store: InputStore;
  /** Awaited between blocks: the store may have to write. */
  readonly flush: () => Promise<void>;
  /** Called between blocks with the share that was read, in [0, 1]; may throw to stop. */
  readonly onShare: (share: number) => void;
}

/** Read at once. */
const CHUNK_BYTES = 524_288;

/**
 * Reads the rows of a version out of its CSV file. It blocks its thread: meant for worker threads.
 * @throws DomainError `dataset-invalid`
 */
export async function readCsvRows(
  { definition, form, rows, fileName }: DatasetVersion,
  file: TableFile,
  { store, flush, onShare }: RowTarget,
): Promise<RawTable> {
  const builder = new TableBuilder(definition, rows, fileName, store);
  const { delimiter, decimal, encoding, header } = form;
  const reader = new CsvReader({
    file: fileName,
    form: {
      ...(delimiter !== null && { delimiter }),
      ...(decimal !== null && { decimal }),
      ...(encoding !== null && { encoding }),
      ...(header !== null && { header }),
    },
    missingTokens: definition.missingTokens,
    reading: builder.readingOf,
  });
  for (let start = 0; start < file.bytes; start += CHUNK_BYTES) {
    const block = reader.push(readRange(file, start, Math.min(file.bytes, start + CHUNK_BYTES)));
    onShare(start / file.bytes);
    if (!block) continue;
    builder.take(block, reader.columns);
    await flush();
  }
  const block = reader.end();
  if (block) builder.take(block, reader.columns);
  await flush();
  return builder.finish();
}

/** The same for Parquet, whose description is at the end of the file. */
export async function readParquetRows(
  { definition, rows, fileName }: DatasetVersion,
  file: TableFile,
  { store, flush, onShare }: RowTarget,
): Promise<RawTable> {
  const builder = new TableBuilder(definition, rows, fileName, store);
  const source = { bytes: file.bytes, slice: async (start: number, end: number) => readRange(file, start, end) };
  const reader = await ParquetReader.open(source, {
    file: fileName,
    missingTokens: definition.missingTokens,
    reading: builder.readingOf,
  });
  for await (const block of reader.blocks()) {
    onShare(block.firstRow / rows);
    builder.take(block, reader.columns);
    await flush();
  }
  return builder.finish();
}

function readRange({ descriptor }: TableFile, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  for (let offset = 0; offset < bytes.length; ) {
    const bytesRead = readSync(descriptor, bytes, offset, bytes.length - offset, start + offset);
    if (bytesRead === 0) throw new DomainError('dataset-invalid', 'The file ends before its description says.');
    offset += bytesRead;
  }
  return bytes;
}
