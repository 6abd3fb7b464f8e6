import { type ModelSignature, type PredictedBatchRows, RowFailures } from '@gimbal/contracts';
import { toJson } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { z } from 'zod';
import type { ClaimedBatch } from './batch-request.js';
import type { BatchWatch } from './batch-watch.js';
import { ResultFile } from './result-file.js';
import { linesOf, type ResultLines } from './result-lines.js';
import type { RowBatch } from './row-batches.js';

/** What was answered is made safe at least so often. */
const SYNC_MS = 1_000;
/** Shown of each reason. */
const EXAMPLES_MAX = 5;
const Failures = z.array(RowFailures);

/** Puts answers into the result in the order of the file, and writes down how many of them are safe on the disk. */
export class ResultWriter {
  private syncedAtMs = performance.now();

  private constructor(
    private readonly file: ResultFile,
    private readonly lines: ResultLines,
    private readonly watch: BatchWatch,
    /** Rows that were taken. */
    private rows: number,
    private rowsFailed: number,
    private readonly failures: RowFailures[],
  ) {}

  /** Goes on behind what is safe; at the first row when that has been lost, since the log has each row once all the same. */
  static async open(
    path: string,
    batch: ClaimedBatch,
    signature: ModelSignature,
    watch: BatchWatch,
  ): Promise<ResultWriter> {
    const { rowsDone, rowsFailed, failures, asked } = batch;
    const lines = linesOf(asked.format, signature, asked.include);
    const there = await ResultFile.open(path, Number(batch.resultBytes));
    if (there) return new ResultWriter(there, lines, watch, rowsDone, rowsFailed, Failures.parse(failures));
    const anew = await ResultFile.open(path, 0);
    if (!anew) throw new DomainError('storage-failed', 'The result cannot be written.');
    return new ResultWriter(anew, lines, watch, 0, 0, []);
  }

  /** Rows that are in the result. */
  get rowsDone(): number {
    return this.rows;
  }

  async take(batch: RowBatch, answered: PredictedBatchRows): Promise<void> {
    if (this.rows === 0) this.file.append(this.lines.header);
    this.file.append(this.lines.write(batch, answered));
    this.rows += batch.rows.length;
    for (const { index, reason, message } of answered.refused) this.count(reason, batch.firstRow + index, message);
    if (performance.now() - this.syncedAtMs > SYNC_MS) await this.save();
  }

  /** Makes everything safe that was taken. */
  async save(): Promise<void> {
    this.watch.signal.throwIfAborted();
    const resultBytes = await this.file.sync();
    const { rows: rowsDone, rowsFailed, failures } = this;
    await this.watch.write({ resultBytes, rowsDone, rowsFailed, failures: toJson(failures), attempt: 1 });
    this.syncedAtMs = performance.now();
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private count(reason: string, row: number, message: string): void {
    this.rowsFailed += 1;
    const place = this.failures.findIndex((failure) => failure.reason === reason);
    const { rows, examples } = this.failures[place] ?? { rows: 0, examples: [] };
    const more = examples.length < EXAMPLES_MAX ? [...examples, { row, message: message.slice(0, 300) }] : examples;
    this.failures[place < 0 ? this.failures.length : place] = { reason, rows: rows + 1, examples: more };
  }
}
