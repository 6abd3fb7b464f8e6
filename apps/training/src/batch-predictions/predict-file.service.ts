import type { DeclaredForm, ModelSignature, PredictedBatchRows, TableForm } from '@gimbal/contracts';
import { toJson } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import { ServingClient } from '../clients/serving.client.js';
import type { TrainingConfig } from '../config.js';
import { AskServing } from './ask-serving.js';
import { BatchFiles } from './batch-files.js';
import type { ClaimedBatch } from './batch-request.js';
import type { BatchWatch } from './batch-watch.js';
import { RatePacer } from './rate-pacer.js';
import { ResultWriter } from './result-writer.js';
import { checkColumns, cutBatches, type RowBatch, readingOf } from './row-batches.js';
import { type TableReading, TableRows } from './table-rows.js';

/** What an attempt needs to know of its model and its file. */
interface Plan {
  readonly version: number;
  readonly threshold: number;
  readonly signature: ModelSignature;
  readonly how: TableReading;
}

/** Rows that serving is asked about. */
interface Question {
  readonly rows: RowBatch;
  readonly answer: Promise<PredictedBatchRows>;
}

/** Predicts the rows of a file, from the last one that is safe on the disk on. */
@Injectable()
export class PredictFileService {
  private readonly limits: TrainingConfig['batchPredictions'];
  private readonly pacer: RatePacer;

  constructor(
    private readonly registry: RegistryClient,
    private readonly serving: ServingClient,
    private readonly files: BatchFiles,
    @Inject(CONFIG) { batchPredictions }: TrainingConfig,
  ) {
    this.limits = batchPredictions;
    this.pacer = new RatePacer(batchPredictions.rowsPerSecond);
  }

  /**
   * Resolves when the result is whole.
   * @throws DomainError `dataset-invalid`, `payload-too-large`, `version-not-found`, `revision-conflict`, `no-live-version`, `artifact-not-found` when the file is
   *   lost, and passing ones; the reason of the watch's signal
   */
  async predict(batch: ClaimedBatch, watch: BatchWatch): Promise<void> {
    await this.fetchInput(batch, watch.signal);
    const plan = await this.plan(batch);
    const file = await this.files.openInput(batch.id);
    if (!file) throw new DomainError('artifact-not-found', 'The file to be predicted is not in its folder any more.');
    try {
      const table = await TableRows.open(file);
      if (batch.rowsTotal === null) await this.look(batch, plan, table, watch);
      await this.predictRows(batch, plan, table, watch);
    } finally {
      await file.close();
    }
  }

  /** The content of a dataset is brought here once. */
  private async fetchInput({ id, asked }: ClaimedBatch, signal: AbortSignal): Promise<void> {
    const there = await this.files.openInput(id);
    await there?.close();
    if (there || !asked.dataset) return;
    const { name, version } = asked.dataset;
    const { digest } = await this.registry.datasetVersion(name, version, asked.requestedBy);
    await this.files.keepInput(id, await this.registry.openArtifact(digest, asked.requestedBy, signal));
  }

  private async plan({ modelName, modelVersion, fileName, asked }: ClaimedBatch): Promise<Plan> {
    const { include, form, dataset, requestedBy } = asked;
    const found =
      modelVersion === null
        ? await this.registry.live(modelName, requestedBy)
        : await this.registry.version(modelName, modelVersion, requestedBy);
    const known = dataset && (await this.registry.datasetVersion(dataset.name, dataset.version, requestedBy));
    const how: TableReading = {
      fileName,
      form: known ? declare(known.form) : form,
      missingTokens: known?.definition.missingTokens,
      reading: readingOf(found.signature, include),
    };
    const { version, signature } = found;
    return { version, threshold: asked.threshold ?? found.threshold, signature, how };
  }

  /** Looks through the file and pins version and threshold, before any row is predicted. */
  private async look(batch: ClaimedBatch, plan: Plan, table: TableRows, watch: BatchWatch): Promise<void> {
    const { columns, rows } = await table.summarize(plan.how, watch.signal);
    checkColumns(columns, plan.signature, batch.asked.include, batch.fileName);
    const { maxRows } = this.limits;
    if (rows > maxRows)
      throw new DomainError('payload-too-large', `The file has ${rows} rows; at most ${maxRows} are predicted.`);
    const { version, threshold } = plan;
    await watch.write({ rowsTotal: rows, modelVersion: version, request: toJson({ ...batch.asked, threshold }) });
  }

  /** Some calls to serving are under way at once; their answers are taken in the order of the file. */
  private async predictRows(batch: ClaimedBatch, plan: Plan, table: TableRows, watch: BatchWatch): Promise<void> {
    const { signature, version, threshold, how } = plan;
    const { callRows: rowsMax, callsMax } = this.limits;
    const asked = { batchPredictionId: batch.id, modelName: batch.modelName, version, threshold };
    const serving = new AskServing(this.serving, asked, watch);
    const result = await ResultWriter.open(this.files.resultOf(batch.id), batch, signature, watch);
    const questions: Question[] = [];
    const takeOldest = async (): Promise<void> => {
      const oldest = questions.shift();
      if (oldest) await result.take(oldest.rows, await oldest.answer);
    };
    try {
      let firstRow = result.rowsDone;
      for await (const { block, names } of table.read(how, firstRow)) {
        for (const rows of cutBatches(block, names, { signature, include: batch.asked.include, rowsMax, firstRow })) {
          await this.pacer.pass(rows.rows.length, watch.signal);
          watch.signal.throwIfAborted();
          const answer = serving.answer(rows);
          answer.catch(() => undefined); // told when its turn comes
          questions.push({ rows, answer });
          firstRow += rows.rows.length;
          if (questions.length >= callsMax) await takeOldest();
        }
      }
      while (questions.length > 0) await takeOldest();
      await result.save();
    } finally {
      await result.close();
    }
  }
}

/** The form that was found when the dataset was uploaded is not found anew. */
function declare({ delimiter, decimal, encoding, header }: TableForm): DeclaredForm {
  return {
    ...(delimiter !== null && { delimiter }),
    ...(decimal !== null && { decimal }),
    ...(encoding !== null && { encoding }),
    ...(header !== null && { header }),
  };
}
