import { setTimeout as sleep } from 'node:timers/promises';
import { toJson } from '@gimbal/db';
import { ACTION_TYPES, type Condition, DomainError, failedConditions, isDomainError } from '@gimbal/domain';
import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ExecutorCatalogue } from '../actions/executor-catalogue.js';
import type { AgentConfig } from '../config.js';
import { ALTERED, evidenceOf } from './action.repository.js';
import { ClaimLostError, ClaimService, type Held } from './claim.service.js';
import type { Executor, RecordStep, RunningAction, StepOutcome } from './executor.js';

/** Failures that say "not now": the step is taken again later. Every other failure of another service is its answer. */
const NOT_NOW: ReadonlySet<string> = new Set([
  'service-unavailable',
  'timeout',
  'overloaded',
  'database-unavailable',
  'queue-unavailable',
  'storage-full',
  'storage-failed',
  'rate-limited',
  'idempotency-in-progress',
  'internal-error',
]);
/** How long one turn watches a post-condition before it lets others have the worker. */
const WATCH_MS = 10_000;
const LOOK_EVERY_MS = 200;
const LOOK_AGAIN_MS = { first: 1_000, most: 30_000 } as const;
const HOUR_MS = 3_600_000;

const Result = z.record(z.string(), z.unknown()).nullable();
const Compensation = z.looseObject({ state: z.enum(['started', 'done']) }).nullable();
const Verification = z.looseObject({ postCondition: z.string() });
const Type = z.enum(ACTION_TYPES);

/** Carries actions out: one step at a time, each written down before and after, verified at the end and undone when it did not hold. */
@Injectable()
export class ExecutionService {
  private readonly limits: AgentConfig['execution'];

  constructor(
    private readonly claims: ClaimService,
    private readonly executors: ExecutorCatalogue,
    @Inject(CONFIG) { execution }: AgentConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.limits = execution;
  }

  /**
   * Brings one action as far as it can be brought now. Safe to call at any time, from any number of workers, after any crash. Never throws
   * because another service is away: the next tick goes on.
   */
  async drive(id: string, signal: AbortSignal): Promise<void> {
    const held = await this.claims.claim(id);
    if (!held) return;
    const about = { action_id: id, action_type: held.row.actionType };
    try {
      await this.proceed(held, signal);
    } catch (error) {
      if (error instanceof ClaimLostError) {
        this.logger.warn(about, 'action was taken over by another worker');
        return;
      }
      await this.lookAgain(held, backoffOf(held)).catch(() => undefined); // the lease lapses by itself
      if (!isNotNow(error)) throw error;
      this.logger.warn({ ...about, err: error }, 'action waits for another service');
    }
  }

  private async proceed(held: Held, signal: AbortSignal): Promise<void> {
    const executor = this.executors.of(Type.parse(held.row.actionType));
    if (held.row.state === 'verifying') return await this.verify(held, executor, signal);
    const outcome = await this.execute(held, executor);
    if (outcome.kind === 'waiting') return await this.wait(held, outcome.result);
    if (outcome.kind === 'failed') {
      const { code, message, result } = outcome;
      return await this.claims.end(held, { event: 'fail', code, message, data: { executionResult: toJson(result) } });
    }
    const verifyUntil = new Date(Date.now() + this.limits.verifyMs);
    await this.verify(await this.claims.finish(held, outcome.result, verifyUntil), executor, signal);
  }

  /** One step. An answer that is a refusal ends the action; "not now" is thrown until the time for it is over. */
  private async execute(held: Held, executor: Executor): Promise<StepOutcome> {
    const record: RecordStep = (result, also) =>
      this.claims.write(held, { executionResult: toJson(result), heartbeatAt: new Date() }, also);
    const result = Result.parse(held.row.executionResult) ?? {};
    if (this.isOverdue(held)) {
      const message = 'It could not be carried out in time; what it asked for may still come.';
      return { kind: 'failed', code: 'execution-timeout', message, result };
    }
    try {
      return await executor.execute(runningOf(held), record);
    } catch (error) {
      if (!isDomainError(error) || isNotNow(error)) throw error;
      return { kind: 'failed', code: error.code, message: error.detail, result };
    }
  }

  private async verify(held: Held, executor: Executor, signal: AbortSignal): Promise<void> {
    if (Compensation.parse(held.row.compensation)) return await this.compensate(held, executor, 'It did not hold.');
    const until = held.row.verifyUntil?.getTime() ?? 0;
    const turnEnds = Date.now() + WATCH_MS;
    for (;;) {
      const checks = await this.look(held, executor);
      const verification = {
        ...Verification.parse(held.row.verification),
        holds: failedConditions(checks).length === 0,
        checks,
      };
      if (verification.holds)
        return await this.claims.end(held, {
          event: 'verify',
          data: { verification: toJson({ ...verification, at: new Date() }) },
        });
      await this.claims.write(held, { verification: toJson(verification), heartbeatAt: new Date() });
      if ((Date.now() >= until && isAnswer(checks)) || this.isOverdue(held)) {
        const reason = failedConditions(checks)
          .map(({ message }) => message)
          .join(' ');
        return await this.compensate(held, executor, reason);
      }
      if (Date.now() >= turnEnds || signal.aborted) return await this.lookAgain(held, LOOK_AGAIN_MS.first);
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined); // the next round sees the abort
    }
  }

  private async look(held: Held, executor: Executor): Promise<readonly Condition[]> {
    try {
      return await executor.verify(runningOf(held));
    } catch (error) {
      if (!isDomainError(error)) throw error;
      const { code, detail } = error;
      return [{ code: NO_ANSWER, holds: false, measured: code, limit: 'an answer', message: detail }];
    }
  }

  /** Undoes what did not hold. That it was begun is written first, so that after a crash nobody takes the action for good again. */
  private async compensate(held: Held, executor: Executor, reason: string): Promise<void> {
    const message = `The post-condition did not come true. ${reason}`;
    if (!executor.compensate)
      return await this.claims.end(held, { event: 'fail', code: 'verification-failed', message, data: {} });
    await this.claims.write(held, { compensation: toJson({ state: 'started', reason }), heartbeatAt: new Date() });
    try {
      const result = await executor.compensate(runningOf(held));
      const compensation = toJson({ state: 'done', reason, result });
      await this.claims.end(held, {
        event: 'compensate',
        code: 'verification-failed',
        message,
        data: { compensation },
      });
    } catch (error) {
      if (!isDomainError(error) || (isNotNow(error) && !this.isOverdue(held))) throw error;
      const failed = `${message} Undoing it failed: ${error.detail}`;
      await this.claims.end(held, { event: 'fail', code: 'compensation-failed', message: failed, data: {} });
    }
  }

  private async wait(held: Held, result: Readonly<Record<string, unknown>>): Promise<void> {
    const verifyAt = new Date(Date.now() + this.limits.tickMs);
    await this.claims.write(held, { executionResult: toJson(result), heartbeatAt: null, verifyAt });
  }

  /** Lets the action go until a later tick. */
  private async lookAgain(held: Held, delayMs: number): Promise<void> {
    await this.claims.write(held, { heartbeatAt: null, verifyAt: new Date(Date.now() + delayMs) });
  }

  private isOverdue({ row }: Held): boolean {
    const since = row.intentAt?.getTime() ?? Date.now();
    return Date.now() > since + this.limits.executeHours * HOUR_MS;
  }
}

const NO_ANSWER = 'could-be-asked';
/** That nobody could be asked says nothing about what was done: it is no reason to undo it. */
const isAnswer = (checks: readonly Condition[]): boolean => checks.every(({ code }) => code !== NO_ANSWER);

/** Each try in vain waits longer. */
const backoffOf = ({ row }: Held): number =>
  Math.min(LOOK_AGAIN_MS.most, LOOK_AGAIN_MS.first * 2 ** Math.min(5, row.attempt - 1));

const isNotNow = (error: unknown): boolean => isDomainError(error) && NOT_NOW.has(error.code);

/** @throws DomainError `approval-stale` when what was approved is not what is stored */
function runningOf({ row }: Held): RunningAction {
  const evidence = evidenceOf(row);
  if (evidence === null) throw new DomainError('approval-stale', ALTERED);
  return {
    id: row.id,
    modelName: row.modelName,
    modelVersion: row.modelVersion,
    reason: row.reason,
    arguments: row.arguments,
    evidence,
    result: Result.parse(row.executionResult),
  };
}
