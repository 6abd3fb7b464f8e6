import { isDomainError } from '@gimbal/domain';
import { CONFIG, LOGGER, type Logger, translateDatabaseFailure } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { ClaimLostError } from '../execution/run-claim.service.js';
import { PASSING } from '../execution/training-run.runner.js';
import { BatchClaims, type BatchEnd } from './batch-claims.js';
import { BatchFiles } from './batch-files.js';
import type { ClaimedBatch } from './batch-request.js';
import { BatchCancelledError, BatchWatch } from './batch-watch.js';
import { PredictFileService } from './predict-file.service.js';

/**
 * Works on batch predictions, some at once, the oldest first. The queue wakes it; it also looks by itself, since the row is the truth and a
 * killed process leaves rows without jobs.
 */
@Injectable()
export class BatchWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stop = new AbortController();
  private readonly working = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly claims: BatchClaims,
    private readonly files: BatchFiles,
    private readonly predictFile: PredictFileService,
    @Inject(CONFIG) private readonly config: TrainingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), this.config.training.recoverMs);
  }

  /** What is under way is free at once for another process. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort(new Error('The service shuts down.'));
    await this.looking;
    await Promise.all(this.working.values());
  }

  /** Begins what waits, as far as there is room. Never throws: it will look again. */
  async look(): Promise<void> {
    this.looking ??= this.begin().finally(() => {
      this.looking = undefined;
    });
    await this.looking;
  }

  private async begin(): Promise<void> {
    const { atOnceMax } = this.config.batchPredictions;
    try {
      for (const id of await this.claims.findFree(new Date())) {
        if (this.working.size >= atOnceMax || this.stop.signal.aborted) return;
        if (this.working.has(id)) continue;
        const batch = await this.claims.claim(id, new Date());
        if (batch) this.working.set(id, this.work(batch));
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'could not look for batch predictions');
    }
  }

  private async work(batch: ClaimedBatch): Promise<void> {
    const log = this.logger.child({ batch_prediction_id: batch.id, attempt: batch.attempt });
    const watch = new BatchWatch(batch, this.claims, this.stop.signal, this.config.training.leaseMs);
    const result = await this.predict(batch, watch);
    await watch.close();
    try {
      if ('end' in result) {
        await this.claims.end(batch, result.end);
        if (result.end.state === 'succeeded') await this.files.removeInput(batch.id);
        else await this.files.remove(batch.id);
        log.info({ ...result.end, message: undefined }, 'batch prediction ended');
      } else {
        log.warn({ err: result.left }, 'batch prediction stopped, another attempt will begin');
        if (!(result.left instanceof ClaimLostError))
          await this.claims.letGo(batch, this.stop.signal.aborted ? 'now' : 'after-lease');
      }
    } catch (error) {
      log.warn({ err: error }, 'the end of an attempt could not be written down');
    } finally {
      this.working.delete(batch.id);
      if (!this.stop.signal.aborted) void this.look();
    }
  }

  private async predict(batch: ClaimedBatch, watch: BatchWatch): Promise<{ end: BatchEnd } | { left: unknown }> {
    try {
      await this.predictFile.predict(batch, watch);
      return { end: { state: 'succeeded' } };
    } catch (thrown) {
      // The reason why the work was stopped says more than the error that the stop produced.
      const error: unknown = watch.signal.aborted ? watch.signal.reason : translateDatabaseFailure(thrown, 'training');
      if (error instanceof BatchCancelledError)
        return { end: { state: 'cancelled', code: 'batch-prediction-cancelled', message: error.message } };
      if (watch.signal.aborted || error instanceof ClaimLostError) return { left: error };
      if (isDomainError(error) && PASSING.has(error.code)) return { left: error };
      if (isDomainError(error)) return { end: { state: 'failed', code: error.code, message: error.detail } };
      this.logger.error(
        { err: error, batch_prediction_id: batch.id },
        'batch prediction failed for a reason of our own',
      );
      return { end: { state: 'failed', code: 'internal-error', message: 'Something went wrong on our side.' } };
    }
  }
}
