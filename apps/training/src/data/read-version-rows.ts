import type { FileHandle } from 'node:fs/promises';
import type { DatasetVersion } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CsvReader, type InputStore, ParquetReader, type RawTable, TableBuilder } from '@gimbal/tabular';

/** Where the inputs go. */
export interface RowTarget {
  readonly store: InputStore;
  /** Awaited between blocks: the store may have to write. */
  readonly flush: () => Promise<void>;
}

/**
 * Reads the rows of a version out of its CSV file.
 * @throws DomainError `dataset-invalid`
 */
export async function readCsvRows(
  { definition, form, rows, fileName }: DatasetVersion,
  content: AsyncIterable<Uint8Array>,
  { store, flush }: RowTarget,
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
  for await (const chunk of content) {
    const block = reader.push(chunk);
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
  file: FileHandle,
  { store, flush }: RowTarget,
): Promise<RawTable> {
  const builder = new TableBuilder(definition, rows, fileName, store);
  const { size } = await file.stat();
  const source = { bytes: size, slice: (start: number, end: number) => readRange(file, start, end) };
  const reader = await ParquetReader.open(source, {
    file: fileName,
    missingTokens: definition.missingTokens,
    reading: builder.readingOf,
  });
  for await (const block of reader.blocks()) {
    builder.take(block, reader.columns);
    await flush();
  }
  return builder.finish();
}

async function readRange(file: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, offset, bytes.length - offset, start + offset);
    if (bytesRead === 0) throw new DomainError('dataset-invalid', 'The file ends before its description says.');
    offset += bytesRead;
  }
  return bytes;
}
