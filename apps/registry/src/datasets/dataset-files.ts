import { setImmediate } from 'node:timers/promises';
import type { TableForm, UploadDataset } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, CONFIG, type StoredArtifact } from '@gimbal/platform';
import {
  type ColumnFacts,
  CsvReader,
  type InferredTable,
  inferDefinition,
  PARQUET_MARK,
  ParquetReader,
  TableProfiler,
} from '@gimbal/tabular';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';

/** What is known of a file before it is read. */
export type FileNotes = Pick<UploadDataset, 'target' | 'definition' | 'form'>;

/** A stored file and what one pass over it has found. */
export interface ReadFile extends InferredTable {
  readonly stored: StoredArtifact;
  readonly fileName: string;
  readonly form: TableForm;
}

interface ArrivingFile {
  readonly content: AsyncIterable<Uint8Array>;
  readonly fileName: string;
  readonly notes: FileNotes;
}

/** Takes files in: stored and looked through in one pass, in bounded memory and time. */
@Injectable()
export class DatasetFiles {
  constructor(
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  /**
   * Stores a file and infers its definition: of CSV while it arrives, of Parquet, whose description is at its end, once it is there.
   * @throws DomainError `dataset-invalid` with file, line and column; `payload-too-large`, `timeout`, `storage-full`, `storage-failed`
   */
  async keep(content: AsyncIterable<Uint8Array>, fileName: string, notes: FileNotes): Promise<ReadFile> {
    const deadline = Date.now() + this.config.datasets.timeoutMs;
    const { head, whole } = await peek(this.inTime(content, deadline), PARQUET_MARK.length);
    const file = { content: whole, fileName, notes };
    return PARQUET_MARK.equals(head) ? await this.keepParquet(file, deadline) : await this.keepCsv(file);
  }

  private async keepCsv({ content, fileName, notes }: ArrivingFile): Promise<ReadFile> {
    const reader = new CsvReader({
      file: fileName,
      ...(notes.form && { form: notes.form }),
      ...(notes.definition && { missingTokens: notes.definition.missingTokens }),
    });
    const profiler = new TableProfiler();
    let inferred: InferredTable | undefined;
    const pass = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        const block = reader.push(chunk);
        if (block) profiler.take(block, reader.columns);
        yield chunk;
      }
      const block = reader.end();
      if (block) profiler.take(block, reader.columns);
      // Within the pass, so that a file of which nothing can be made is not kept.
      inferred = await infer(profiler, notes, reader.unnamed);
    };
    const stored = await this.store.put(pass(), { maxBytes: this.config.datasets.maxBytes });
    if (!inferred) throw new Error('A file was stored before it was read to its end.');
    return { ...inferred, stored, fileName, form: reader.tableForm };
  }

  private async keepParquet({ content, fileName, notes }: ArrivingFile, deadline: number): Promise<ReadFile> {
    const stored = await this.store.put(content, { maxBytes: this.config.datasets.maxBytes });
    const source = {
      bytes: stored.bytes,
      slice: (start: number, end: number) => this.store.readRange(stored.digest, start, end),
    };
    const reader = await ParquetReader.open(source, {
      file: fileName,
      ...(notes.definition && { missingTokens: notes.definition.missingTokens }),
    });
    const profiler = new TableProfiler();
    for await (const block of this.inTime(reader.blocks(), deadline)) {
      await setImmediate(); // the block was filled without a break
      profiler.take(block, reader.columns);
    }
    return { ...(await infer(profiler, notes)), stored, fileName, form: reader.tableForm };
  }

  private async *inTime<T>(parts: AsyncIterable<T>, deadline: number): AsyncGenerator<T> {
    for await (const part of parts) {
      if (Date.now() > deadline)
        throw new DomainError('timeout', `The file took longer than ${this.config.datasets.timeoutMs} ms.`);
      yield part;
    }
  }
}

/** What was found in all rows, with a turn for others after each column. */
async function infer(
  profiler: TableProfiler,
  { target, definition }: FileNotes,
  unnamed: readonly string[] = [],
): Promise<InferredTable> {
  const columns: ColumnFacts[] = [];
  for (const facts of profiler.facts()) {
    columns.push(facts);
    await setImmediate();
  }
  return inferDefinition({ rows: profiler.rows, columns }, { target, given: definition, unnamed });
}

/** The first bytes of a stream, and all of it. */
async function peek(
  content: AsyncGenerator<Uint8Array>,
  bytes: number,
): Promise<{ readonly head: Uint8Array; readonly whole: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < bytes) {
    const { value, done } = await content.next();
    if (done) break;
    first.push(value);
    size += value.length;
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield* first;
    yield* content;
  };
  return { head: Buffer.concat(first).subarray(0, bytes), whole: whole() };
}
