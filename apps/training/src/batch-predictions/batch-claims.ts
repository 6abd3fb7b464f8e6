import type { BatchPrediction as BatchPredictionRow, DatabaseTransaction, Prisma } from '@gimbal/db';
import { AuditTrail, CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AuditedAction } from '../audit/audited-action.js';
import type { TrainingConfig } from '../config.js';
import { Database } from '../database/database.js';
import { ClaimLostError } from '../execution/run-claim.service.js';
import { type ClaimedBatch, readClaimed } from './batch-request.js';

/** How a batch prediction ends. */
export type BatchEnd =
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed' | 'cancelled'; readonly code: string; readonly message: string };

/** Looked at in one go. */
const CANDIDATES = 50;

/**
 * Who works on a batch prediction: as with training runs, whoever holds the latest fencing token of the row. A write under an older one
 * changes nothing.
 */
@Injectable()
export class BatchClaims {
  private readonly limits: TrainingConfig['training'];

  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
    @Inject(CONFIG) { training }: TrainingConfig,
  ) {
    this.limits = training;
  }

  /** Ids of those that wait or were left behind, the oldest first. */
  async findFree(now: Date): Promise<string[]> {
    const rows = await this.database.reader.batchPrediction.findMany({
      where: { OR: [{ state: 'queued' }, { state: 'running', ...this.leftBehind(now) }] },
      orderBy: { createdAt: 'asc' },
      select: { id: true },
      take: CANDIDATES,
    });
    return rows.map(({ id }) => id);
  }

  /** Takes one that nobody works on; null when it is not to be had. */
  async claim(id: string, now: Date): Promise<ClaimedBatch | null> {
    const [row] = await this.database.reader.batchPrediction.updateManyAndReturn({
      where: { id, OR: [{ state: 'queued' }, { state: 'running', ...this.leftBehind(now) }] },
      data: {
        state: 'running',
        attempt: { increment: 1 },
        fencingToken: { increment: 1 },
        revision: { increment: 1 },
        heartbeatAt: now,
      },
    });
    if (!row) return null;
    const claimed = readClaimed(await this.begin(row, now));
    if (claimed.attempt <= this.limits.attemptsMax) return claimed;
    const message = `The work was begun ${this.limits.attemptsMax} times and came no further.`;
    await this.end(claimed, { state: 'failed', code: 'attempts-exhausted', message });
    return null;
  }

  /**
   * Says that the attempt lives, and writes down what is new. @returns whether somebody wants it cancelled
   * @throws ClaimLostError
   */
  async beat(
    batch: ClaimedBatch,
    change: Prisma.BatchPredictionUpdateManyMutationInput = {},
  ): Promise<{ isCancelled: boolean }> {
    const isSeen = Object.keys(change).length > 0;
    const [row] = await this.database.reader.batchPrediction.updateManyAndReturn({
      where: heldBy(batch),
      data: { ...change, heartbeatAt: new Date(), ...(isSeen && { revision: { increment: 1 } }) },
      select: { cancelRequestedAt: true },
    });
    if (!row) throw new ClaimLostError();
    return { isCancelled: row.cancelRequestedAt !== null };
  }

  /** Lets another attempt begin: at once, which does not count as one, or after the lease. */
  async letGo(batch: ClaimedBatch, when: 'now' | 'after-lease'): Promise<void> {
    await this.database.reader.batchPrediction.updateMany({
      where: heldBy(batch),
      data: when === 'now' ? { heartbeatAt: null, attempt: { decrement: 1 } } : { heartbeatAt: new Date() },
    });
  }

  /** Writes the end and tells it, unless another attempt holds the batch. @throws ClaimLostError */
  async end(batch: ClaimedBatch, end: BatchEnd): Promise<void> {
    await this.database.change(async (tx) => {
      const at = new Date();
      const { count } = await tx.batchPrediction.updateMany({
        where: heldBy(batch),
        data: {
          state: end.state,
          endedAt: at,
          waitingFor: null,
          revision: { increment: 1 },
          ...(end.state !== 'succeeded' && { error: { code: end.code, message: end.message } }),
        },
      });
      if (count === 0) throw new ClaimLostError();
      await this.tellEnd(tx, batch, end, at);
    });
  }

  /** Tells the audit chain, in the transaction of the end. */
  async tellEnd(
    tx: DatabaseTransaction,
    { id, modelName, requestedBy }: Pick<BatchPredictionRow, 'id' | 'modelName' | 'requestedBy'>,
    { state, ...why }: BatchEnd,
    at: Date,
  ): Promise<void> {
    await this.audit.record(tx, {
      action: `batch-prediction.${state}`,
      key: id,
      subject: `batch-prediction:${id}`,
      actor: requestedBy,
      at,
      payload: { modelName, ...why },
    });
  }

  private async begin(row: BatchPredictionRow, now: Date): Promise<BatchPredictionRow> {
    if (row.startedAt !== null) return row;
    return await this.database.reader.batchPrediction.update({ where: { id: row.id }, data: { startedAt: now } });
  }

  private leftBehind(now: Date) {
    return { OR: [{ heartbeatAt: null }, { heartbeatAt: { lt: new Date(now.getTime() - this.limits.leaseMs) } }] };
  }
}

const heldBy = ({ id, fencingToken }: ClaimedBatch) => ({ id, fencingToken, state: 'running' as const });
