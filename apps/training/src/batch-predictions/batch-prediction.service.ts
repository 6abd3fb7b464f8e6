import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  type Actor,
  type BatchPrediction,
  type BatchPredictionPage,
  type BatchPredictionsQuery,
  hasRole,
} from '@gimbal/contracts';
import type { BatchPrediction as BatchPredictionRow } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { CONFIG, NEWEST_FIRST, olderThan, pageOf } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { TrainingConfig } from '../config.js';
import { Database } from '../database/database.js';
import { BatchClaims } from './batch-claims.js';
import { BatchFiles } from './batch-files.js';
import { isOver } from './batch-request.js';
import { showBatchPrediction } from './show-batch-prediction.js';

/** A result as it is sent. */
export interface BatchResult {
  readonly content: Readable;
  readonly bytes: number;
  readonly contentType: string;
  readonly fileName: string;
}

/** A result may hold anything of a file, so it is for the key that sent it; operators see to all. */
const visibleTo = ({ id, roles }: Actor): { readonly keyId?: string } =>
  hasRole(roles, 'operator') ? {} : { keyId: id };

/** Batch predictions, to look at, to stop, to take away. One of another key's is to whoever is no operator as if it was not there. */
@Injectable()
export class BatchPredictionService {
  constructor(
    private readonly database: Database,
    private readonly claims: BatchClaims,
    private readonly files: BatchFiles,
    @Inject(CONFIG) private readonly config: TrainingConfig,
  ) {}

  /** Newest first. @throws DomainError `invalid-cursor` */
  async list(
    { limit, cursor, model, state }: z.output<typeof BatchPredictionsQuery>,
    actor: Actor,
  ): Promise<z.output<typeof BatchPredictionPage>> {
    const rows = await this.database.reader.batchPrediction.findMany({
      where: {
        ...visibleTo(actor),
        ...(model !== undefined && { modelName: model }),
        ...(state && { state }),
        ...olderThan(cursor),
      },
      orderBy: NEWEST_FIRST,
      take: limit + 1,
    });
    return pageOf(rows, limit, (row) => this.show(row));
  }

  /** @throws DomainError `batch-prediction-not-found` */
  async get(id: string, actor: Actor): Promise<BatchPrediction> {
    return this.show(await this.find(id, actor));
  }

  show(row: BatchPredictionRow): BatchPrediction {
    return showBatchPrediction(row, this.config.batchPredictions);
  }

  /** @throws DomainError `batch-prediction-not-found` */
  async find(id: string, actor: Actor): Promise<BatchPredictionRow> {
    const row = await this.database.reader.batchPrediction.findUnique({ where: { id, ...visibleTo(actor) } });
    if (!row) throw new DomainError('batch-prediction-not-found', `There is no batch prediction ${id}.`);
    return row;
  }

  /**
   * Stops it: at once while it waits, within a second or two while it is worked on. Asked again, nothing changes.
   * @throws DomainError `batch-prediction-not-found`; `invalid-transition` when it has ended otherwise
   */
  async cancel(id: string, actor: Actor): Promise<BatchPrediction> {
    const row = await this.find(id, actor);
    if (row.state === 'cancelled') return this.show(row);
    if (isOver(row)) throw new DomainError('invalid-transition', `The batch prediction has ${row.state} already.`);
    const at = new Date();
    const end = {
      state: 'cancelled',
      code: 'batch-prediction-cancelled',
      message: 'The batch prediction was cancelled.',
    } as const;
    await this.database.change(async (tx) => {
      const { count } = await tx.batchPrediction.updateMany({
        where: { id, state: 'queued' },
        data: {
          ...{ state: 'cancelled', endedAt: at, cancelRequestedAt: at, revision: { increment: 1 } },
          error: { code: end.code, message: end.message },
        },
      });
      if (count > 0) await this.claims.tellEnd(tx, { ...row, requestedBy: actor.name }, end, at);
      else
        await tx.batchPrediction.updateMany({
          where: { id, state: 'running', cancelRequestedAt: null },
          data: { cancelRequestedAt: at, revision: { increment: 1 } },
        });
    });
    const now = await this.find(id, actor);
    if (now.startedAt === null && isOver(now)) await this.files.remove(id);
    return this.show(now);
  }

  /**
   * @throws DomainError `batch-prediction-not-found`; `invalid-transition` while there is no result; `artifact-not-found` when it is not there
   *   any more
   */
  async openResult(id: string, actor: Actor): Promise<BatchResult> {
    const row = await this.find(id, actor);
    if (row.state !== 'succeeded')
      throw new DomainError('invalid-transition', `There is no result: the batch prediction is ${row.state}.`);
    const bytes = await this.files.resultBytes(id);
    if (bytes === undefined || bytes < Number(row.resultBytes))
      throw new DomainError('artifact-not-found', 'The result is not in its folder any more.');
    const { format } = this.show(row);
    return {
      content: createReadStream(this.files.resultOf(id), { end: Number(row.resultBytes) - 1 }),
      bytes: Number(row.resultBytes),
      contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
      fileName: `${row.modelName}-${id}.${format}`,
    };
  }

  /** Removes one that is over, with its result. @throws DomainError `batch-prediction-not-found`; `invalid-transition` while it is under way */
  async remove(id: string, actor: Actor): Promise<void> {
    const row = await this.find(id, actor);
    if (!isOver(row))
      throw new DomainError('invalid-transition', 'The batch prediction is under way: cancel it first.');
    await this.discard(id);
  }

  /** Removes all that is left of one that is over. Safe to repeat. */
  async discard(id: string): Promise<void> {
    await this.files.remove(id);
    await this.database.reader.batchPrediction.deleteMany({ where: { id } });
  }
}
