import { setTimeout as sleep } from 'node:timers/promises';
import { MIRROR_KINDS } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { MlflowClient, MlflowError } from '@gimbal/mlflow-client';
import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Clash, NotYet } from './mirrored.js';
import { SyncRepository } from './queue/sync.repository.js';
import { type DueTask, SyncQueueRepository } from './queue/sync-queue.repository.js';
import { MirrorStatus } from './status/mirror-status.js';
import { TELLERS, type Tellers } from './tellers/tellers.js';

/** Tasks of a kind in one round, and how many are told side by side. */
const KIND_MAX = 100;
const LANES = 4;
/** How long a task that failed waits, at most: doubled from try to try. */
const RETRY_MS = { first: 500, most: 300_000 } as const;
/** How long one waits for what cannot wake it. */
const NOT_YET_MS = 5_000;
/** A server that fails at this one and takes others, as often, does not fail because it is unwell: it is given up. */
const TRIES_MAX = 12;
/** Statuses that say that the mirror itself is not let in: that is mended there, not here. */
const SHUT_OUT = new Set([401, 403, 407]);

/**
 * Tells the server what changed: takes the marks, then tells what is due, kind after kind. One process does this at a time, so an entity is told by
 * one task at a time, and what is written while it is told leaves a mark for the next round.
 */
@Injectable()
export class MirrorWorker {
  /** When the server took something last. */
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly sync: SyncRepository,
    private readonly queue: SyncQueueRepository,
    @Inject(TELLERS) private readonly tellers: Tellers,
    private readonly mlflow: MlflowClient,
    private readonly status: MirrorStatus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Goes on until `signal` aborts; then it ends the tasks under way. */
  async run(signal: AbortSignal, pauseMs: number): Promise<void> {
    while (!signal.aborted) {
      await this.queue.takeMarks(); // also while the server is away: marks must not pile up
      const told = this.mlflow.breakerState === 'open' ? 0 : await this.tellRound(signal);
      if (told === 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined); // the end cuts it short
    }
  }

  /** Answers how many tasks came to an end, well or not. */
  private async tellRound(signal: AbortSignal): Promise<number> {
    const due = await this.queue.takeDue(KIND_MAX);
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

  /** True when it need not be tried again before something changes. @throws what the database throws */
  private async tell(task: DueTask): Promise<boolean> {
    try {
      const outcome = await this.tellers[task.kind].tell(task, this.sync.ledgerOf(task));
      await this.queue.settle(task, outcome);
      this.toldAt = performance.now();
      if (outcome.state === 'conflict' || outcome.state === 'failed')
        this.report(task, outcome.state, outcome.problems.join(' '));
      return true;
    } catch (error) {
      return await this.noteFailure(task, error);
    }
  }

  private async noteFailure(task: DueTask, error: unknown): Promise<boolean> {
    if (error instanceof NotYet) return await this.putAside(task, error);
    if (error instanceof Clash) return await this.refuse(task, 'conflict', error.message);
    if (isDomainError(error)) return await this.refuse(task, 'failed', error.message); // a file that the store has lost, say
    if (!(error instanceof MlflowError)) throw error;
    await this.status.failed(error);
    if (!this.isForLater(task, error)) return await this.refuse(task, 'failed', error.message);
    // A task that met the open breaker was not tried.
    if (error.failure !== 'breaker-open')
      await this.queue.postpone({ ...task, attempts: task.attempts + 1 }, delayOf(task), error.message);
    return false;
  }

  private async putAside(task: DueTask, { target, message }: NotYet): Promise<boolean> {
    if (target && (await this.queue.waitFor(task, target, message))) return true;
    await this.queue.postpone(task, NOT_YET_MS, message);
    return false;
  }

  /** What a server that is away or fails would say of anything is tried until it is well again. */
  private isForLater({ attempts }: DueTask, error: MlflowError): boolean {
    if (SHUT_OUT.has(error.status ?? 0) || error.errorCode === 'RESOURCE_ALREADY_EXISTS') return true;
    const isItsOwn = error.status !== undefined || error.failure === 'bad-answer';
    const takesOthers = performance.now() - this.toldAt < RETRY_MS.most;
    return error.isTransient && !(isItsOwn && takesOthers && attempts + 1 >= TRIES_MAX);
  }

  private async refuse(task: DueTask, state: 'failed' | 'conflict', reason: string): Promise<boolean> {
    await this.queue.refuse(task, state, reason);
    this.report(task, state, reason);
    return true;
  }

  private report({ kind, entityId }: DueTask, state: 'failed' | 'conflict', reason: string): void {
    this.status.refused(kind, state);
    this.logger.warn({ kind, entity_id: entityId, state, reason }, 'not mirrored');
  }
}

/** Full jitter: tasks that failed together do not come back together. */
const delayOf = ({ attempts }: DueTask): number =>
  RETRY_MS.first / 2 + Math.random() * Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** Math.min(attempts, 20));
