import type { TableForm, UploadDataset } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, CONFIG, type StoredArtifact } from '@gimbal/platform';
import { CsvReader, type InferredTable, inferDefinition, TableProfiler } from '@gimbal/tabular';
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

/** Takes files in: stored and looked through in one pass, in bounded memory and time. */
@Injectable()
export class DatasetFiles {
  constructor(
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  /**
   * Stores a file and infers its definition meanwhile. A file that can't be read is not kept.
   * @throws DomainError `dataset-invalid` with file, line and column; `payload-too-large`, `timeout`, `storage-full`, `storage-failed`
   */
  async keep(content: AsyncIterable<Uint8Array>, fileName: string, notes: FileNotes): Promise<ReadFile> {
    const { maxBytes, timeoutMs } = this.config.datasets;
    const reader = new CsvReader({
      file: fileName,
      ...(notes.form && { form: notes.form }),
      ...(notes.definition && { missingTokens: notes.definition.missingTokens }),
    });
    const profiler = new TableProfiler();
    const deadline = Date.now() + timeoutMs;
    let inferred: InferredTable | undefined;
    const pass = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        if (Date.now() > deadline) throw new DomainError('timeout', `The file took longer than ${timeoutMs} ms.`);
        const block = reader.push(chunk);
        if (block) profiler.take(block, reader.columns);
        yield chunk;
      }
      const block = reader.end();
      if (block) profiler.take(block, reader.columns);
      inferred = inferDefinition(profiler.facts(), { target: notes.target, given: notes.definition });
    };
    const stored = await this.store.put(pass(), { maxBytes });
    if (!inferred) throw new Error('A file was stored before it was read to its end.');
    return { ...inferred, stored, fileName, form: reader.tableForm };
  }
}
