import { setTimeout as sleep } from 'node:timers/promises';
import { isDomainError } from '@gimbal/domain';
import { MlflowClient, MlflowError } from '@gimbal/mlflow-client';
import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { MirrorStatus } from './mirror-status.js';
import { Clash, MIRROR_KINDS, NotYet } from './mirrored.js';
import { type DueTask, SyncRepository } from './sync.repository.js';
import { TELLERS, type Tellers } from './tellers.js';

/** Tasks of one round, and how many are told side by side. */
const ROUND_MAX = 200;
const LANES = 4;
/** What a task waits for that failed, or that something else must come before: at most, doubled from try to try. */
const RETRY_MS = { first: 500, most: 300_000 } as const;
const NOT_YET_MS = { first: 100, most: 60_000 } as const;
/** Statuses that say that the mirror itself is not let in: that is mended there, not here. */
const SHUT_OUT = new Set([401, 403, 407]);

/**
 * Tells the server what changed: takes the marks, then tells what is due, kind after kind. One process does this at a time, so an entity is told by
 * one task at a time, and what is written while it is told leaves a mark for the next round.
 */
@Injectable()
export class MirrorWorker {
  constructor(
    private readonly sync: SyncRepository,
    @Inject(TELLERS) private readonly tellers: Tellers,
    private readonly mlflow: MlflowClient,
    private readonly status: MirrorStatus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Goes on until `signal` aborts; then it ends the tasks under way. */
  async run(signal: AbortSignal, pauseMs: number): Promise<void> {
    while (!signal.aborted) {
      await this.sync.takeMarks(); // also while the server is away: marks must not pile up
      const told = this.mlflow.breakerState === 'open' ? 0 : await this.tellRound(signal);
      if (told === 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined); // the end cuts it short
    }
  }

  /** Answers how many tasks came to an end, well or not. */
  private async tellRound(signal: AbortSignal): Promise<number> {
    const due = await this.sync.takeDue(ROUND_MAX);
    let settled = 0;
    for (const kind of MIRROR_KINDS) {
      const tracks = Map.groupBy(
        due.filter((task) => task.kind === kind),
        ({ track }) => track,
      ).values();
      const lane = async () => {
        for (const tasks of tracks) {
          for (const task of tasks) {
            if (signal.aborted || this.mlflow.breakerState === 'open') return;
            if (await this.tell(task)) settled += 1;
          }
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
    }
    return settled;
  }

  /** True when it need not be tried again before it changes. @throws what the database throws */
  private async tell(task: DueTask): Promise<boolean> {
    try {
      const outcome = await this.tellers[task.kind].tell(task, this.sync.ledgerOf(task));
      await this.sync.settle(task, outcome);
      this.status.told(task.kind, outcome.state);
      if (outcome.state === 'conflict' || outcome.state === 'failed') this.warn(task, outcome.problems.join(' '));
      return true;
    } catch (error) {
      return await this.noteFailure(task, error);
    }
  }

  private async noteFailure(task: DueTask, error: unknown): Promise<boolean> {
    if (error instanceof NotYet) {
      await this.sync.postpone(task, delayOf(task, NOT_YET_MS), error.message);
      return false;
    }
    if (error instanceof Clash) {
      await this.sync.refuse(task, 'conflict', error.message);
      this.status.told(task.kind, 'conflict');
      this.warn(task, error.message);
      return true;
    }
    if (error instanceof MlflowError) return await this.noteRefusal(task, error);
    if (!isDomainError(error)) throw error;
    await this.sync.refuse(task, 'failed', error.message); // a file that the store has lost, say
    this.status.told(task.kind, 'failed');
    this.warn(task, error.message);
    return true;
  }

  private async noteRefusal(task: DueTask, error: MlflowError): Promise<boolean> {
    await this.status.failed(error);
    const isForLater =
      error.isTransient || SHUT_OUT.has(error.status ?? 0) || error.errorCode === 'RESOURCE_ALREADY_EXISTS';
    if (isForLater) {
      // A task that met the open breaker was not tried.
      if (error.failure !== 'breaker-open') await this.sync.postpone(task, delayOf(task, RETRY_MS), error.message);
      return false;
    }
    await this.sync.refuse(task, 'failed', error.message);
    this.status.told(task.kind, 'failed');
    this.warn(task, error.message);
    return true;
  }

  private warn({ kind, entityId }: DueTask, reason: string): void {
    this.logger.warn({ kind, entity_id: entityId, reason }, 'not mirrored');
  }
}

/** Full jitter: tasks that failed together do not come back together. */
const delayOf = ({ attempts }: DueTask, { first, most }: { readonly first: number; readonly most: number }): number =>
  first / 2 + Math.random() * Math.min(most, first * 2 ** Math.min(attempts, 20));
