import { isDomainError } from '@gimbal/domain';
import { LearningError, type LearningErrorCode } from '@gimbal/learning';
import { CONFIG, InjectMetric, LOGGER, type Logger, translateDatabaseFailure } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { TrainingConfig } from '../config.js';
import { WorkerLostError } from '../learning-workers/worker-pool.js';
import { TrainingPipeline } from '../pipeline/training.pipeline.js';
import { AttemptWatch, RunCancelledError } from './attempt-watch.js';
import type { ClaimedRun } from './claimed-run.js';
import { ClaimLostError, RunClaimService, type RunEnd } from './run-claim.service.js';

/** What may be otherwise a little later: the work is begun again rather than failed. */
export const PASSING: ReadonlySet<string> = new Set([
  'service-unavailable',
  'timeout',
  'database-unavailable',
  'queue-unavailable',
  'storage-full',
  'storage-failed',
  'overloaded',
  'rate-limited',
]);

/** What the kernel refuses, in the words of the error table. */
const KERNEL_CODES: Partial<Record<LearningErrorCode, string>> = {
  'invalid-dataset': 'dataset-invalid',
  'too-few-rows': 'not-enough-data',
  'unknown-algorithm': 'validation-failed',
  'invalid-hyperparameter': 'validation-failed',
};

/** Works on runs: claims one, trains, and writes down how it ended. */
@Injectable()
export class TrainingRunRunner {
  constructor(
    private readonly claims: RunClaimService,
    private readonly pipeline: TrainingPipeline,
    @Inject(CONFIG) private readonly config: TrainingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    @InjectMetric('ml_requests_total') private readonly ended: Counter<'action' | 'status'>,
  ) {}

  /**
   * Brings a run to its end, if nobody else is at it. What fails for a passing reason is left to a later attempt, which the recovery begins.
   * @param signal aborts when the service ends; the run is then free at once for another process
   */
  async work(id: string, signal: AbortSignal): Promise<void> {
    const run = await this.claims.claim(id);
    if (!run) return;
    const log = this.logger.child({ training_run_id: id, attempt: run.attempt });
    log.info({ model: run.modelName }, 'training begins');
    const watch = new AttemptWatch(run, this.claims, signal, this.config.training.leaseMs);
    const result = await this.train(run, watch);
    await watch.close();
    try {
      if ('end' in result) {
        await this.claims.end(run, result.end);
        this.ended.inc({ action: 'training.run', status: result.end.state });
        log.info({ state: result.end.state, ...('code' in result.end && { code: result.end.code }) }, 'training ended');
      } else {
        log.warn({ err: result.left }, 'training stopped, another attempt will begin');
        if (!(result.left instanceof ClaimLostError))
          await this.claims.letGo(run, signal.aborted ? 'now' : 'after-lease');
      }
    } catch (error) {
      if (!(error instanceof ClaimLostError)) throw error;
      log.warn('another attempt has taken the run over');
    }
    if (signal.aborted) throw signal.reason;
  }

  private async train(run: ClaimedRun, watch: AttemptWatch): Promise<{ end: RunEnd } | { left: unknown }> {
    try {
      return { end: { state: 'succeeded', outcome: await this.pipeline.train(run, watch) } };
    } catch (thrown) {
      // The reason why the work was stopped says more than the error that the stop produced.
      const error: unknown = watch.signal.aborted ? watch.signal.reason : translateDatabaseFailure(thrown, 'training');
      if (error instanceof RunCancelledError)
        return { end: { state: 'cancelled', code: 'training-cancelled', message: error.message } };
      if (watch.signal.aborted || error instanceof ClaimLostError || error instanceof WorkerLostError)
        return { left: error };
      if (isDomainError(error) && PASSING.has(error.code)) return { left: error };
      if (error instanceof LearningError) {
        const code = KERNEL_CODES[error.code] ?? 'internal-error';
        return { end: { state: 'failed', code, message: error.detail } };
      }
      if (isDomainError(error)) return { end: { state: 'failed', code: error.code, message: error.detail } };
      this.logger.error({ err: error, training_run_id: run.id }, 'training failed for a reason of our own');
      return { end: { state: 'failed', code: 'internal-error', message: 'Something went wrong on our side.' } };
    }
  }
}
