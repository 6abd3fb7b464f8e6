import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type DatabaseTransaction, type TrainingRun as TrainingRunRow, toJson } from '@gimbal/db';
import { AuditTrail, CONFIG, OutboxWriter } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AuditedAction } from '../audit/audited-action.js';
import type { TrainingConfig } from '../config.js';
import { Database } from '../database/database.js';
import type { RunFacts, Stage, TrainingOutcome } from '../pipeline/run-watch.js';
import { type ClaimedRun, readClaimedRun } from './claimed-run.js';

/** Another attempt holds the run now: this one must not change anything any more. */
export class ClaimLostError extends Error {
  constructor() {
    super('Another attempt has taken the training run over.');
    this.name = 'ClaimLostError';
  }
}

/** The lease of a run that keeps dying grows to this at most. */
const LEASE_MAX_MS = 600_000;

/** How a run ends. */
export type RunEnd =
  | { readonly state: 'succeeded'; readonly outcome: TrainingOutcome }
  | { readonly state: 'failed' | 'cancelled'; readonly code: string; readonly message: string };

/**
 * Who works on a run. A claim is a fencing token in the row: each claim makes a greater one, and every write names the token it was made
 * under, so that an attempt that was overtaken while it slept changes nothing.
 */
@Injectable()
export class RunClaimService {
  private readonly me = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  private readonly limits: TrainingConfig['training'];

  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
    @Inject(CONFIG) { training }: TrainingConfig,
  ) {
    this.limits = training;
  }

  /** Ids of runs that nobody works on though they are under way or waiting, the oldest first. */
  async findAbandoned(now: Date): Promise<string[]> {
    const rows = await this.database.reader.trainingRun.findMany({
      where: {
        OR: [
          { state: 'running' },
          // Its job is under way; a run whose job got lost is taken up in the end.
          { state: 'queued', updatedAt: { lt: new Date(now.getTime() - LEASE_MAX_MS) } },
        ],
      },
      orderBy: { createdAt: 'asc' },
      take: 50,
    });
    return rows.filter((row) => this.isFree(row, now)).map(({ id }) => id);
  }

  /** Takes a run that waits, or whose attempt gave no sign of life for its lease; null when it is not to be had. */
  async claim(id: string): Promise<ClaimedRun | null> {
    const now = new Date();
    const row = await this.database.reader.trainingRun.findUnique({ where: { id } });
    if (!row || !this.isFree(row, now)) return null;
    return await this.database.change(async (tx) => {
      const { count } = await tx.trainingRun.updateMany({
        where: { id, fencingToken: row.fencingToken, state: row.state },
        data: {
          state: 'running',
          stage: 'loading-data',
          progress: 0,
          attempt: { increment: 1 },
          fencingToken: { increment: 1 },
          revision: { increment: 1 },
          claimedBy: this.me,
          heartbeatAt: now,
          startedAt: row.startedAt ?? now,
        },
      });
      if (count === 0) return null;
      const claimed = readClaimedRun(await tx.trainingRun.findUniqueOrThrow({ where: { id } }));
      if (claimed.attempt <= this.limits.attemptsMax) return claimed;
      const message = `The run was begun ${this.limits.attemptsMax} times and never came to an end.`;
      await this.endIn(tx, claimed, { state: 'failed', code: 'attempts-exhausted', message });
      return null;
    });
  }

  /**
   * Says that the attempt lives and writes down how far it is. @returns whether somebody wants the run cancelled
   * @throws ClaimLostError
   */
  async beat(
    run: ClaimedRun,
    change: { readonly stage?: Stage; readonly progress?: number; readonly facts?: RunFacts },
  ): Promise<{ readonly isCancelled: boolean }> {
    const { stage, progress, facts = {} } = change;
    const { dataOrigin, datasetDigest, rows, expectations, warnings, candidates, search } = facts;
    const isSeen = stage !== undefined || progress !== undefined || Object.keys(facts).length > 0;
    const [row] = await this.database.reader.trainingRun.updateManyAndReturn({
      where: { id: run.id, fencingToken: run.fencingToken, state: 'running' },
      data: {
        heartbeatAt: new Date(),
        ...(isSeen && { revision: { increment: 1 } }),
        ...(stage !== undefined && { stage }),
        ...(progress !== undefined && { progress }),
        ...(dataOrigin !== undefined && { dataOrigin }),
        ...(datasetDigest !== undefined && { datasetDigest }),
        ...(rows !== undefined && { rows: toJson(rows) }),
        ...(expectations !== undefined && { expectations: toJson(expectations) }),
        ...(warnings !== undefined && { warnings: toJson(warnings) }),
        ...(candidates !== undefined && { candidates: toJson(candidates) }),
        ...(search !== undefined && { search: toJson(search) }),
      },
      select: { cancelRequestedAt: true },
    });
    if (!row) throw new ClaimLostError();
    return { isCancelled: row.cancelRequestedAt !== null };
  }

  /** Lets another attempt begin: at once (`now`), or after the lease, which grows with each attempt. */
  async letGo(run: ClaimedRun, when: 'now' | 'after-lease'): Promise<void> {
    await this.database.reader.trainingRun.updateMany({
      where: { id: run.id, fencingToken: run.fencingToken, state: 'running' },
      data: {
        claimedBy: null,
        heartbeatAt: when === 'now' ? null : new Date(),
        // A planned stop is not the run's fault.
        ...(when === 'now' && { attempt: { decrement: 1 } }),
      },
    });
  }

  /** Writes the end and tells it, unless another attempt holds the run. @throws ClaimLostError */
  async end(run: ClaimedRun, end: RunEnd): Promise<void> {
    await this.database.change((tx) => this.endIn(tx, run, end));
  }

  private isFree({ state, heartbeatAt, attempt }: TrainingRunRow, now: Date): boolean {
    if (state === 'queued') return true;
    if (state !== 'running') return false;
    if (heartbeatAt === null) return true;
    const lease = Math.min(this.limits.leaseMs * 2 ** Math.max(0, attempt - 1), LEASE_MAX_MS);
    return now.getTime() - heartbeatAt.getTime() >= lease;
  }

  private async endIn(tx: DatabaseTransaction, run: ClaimedRun, end: RunEnd): Promise<void> {
    const at = new Date();
    const { id, fencingToken, decisionId } = run;
    const { count } = await tx.trainingRun.updateMany({
      where: { id, fencingToken, state: 'running' },
      data: {
        state: end.state,
        endedAt: at,
        claimedBy: null,
        revision: { increment: 1 },
        ...(end.state === 'succeeded'
          ? { stage: 'done', progress: 1, outcome: toJson(end.outcome) }
          : { error: { code: end.code, message: end.message } }),
      },
    });
    if (count === 0) throw new ClaimLostError();
    if (end.state !== 'succeeded') await this.outbox.enqueue(tx, 'training.stopped', { v: 1, trainingRunId: id });
    await tellEnd(
      tx,
      { outbox: this.outbox, audit: this.audit },
      { id, decisionId, actor: run.request.requestedBy.name, end, at },
    );
  }
}

interface EndToTell {
  readonly id: string;
  readonly decisionId: string | null;
  readonly actor: string;
  readonly end: RunEnd;
  readonly at: Date;
}

/** Tells the audit chain, and the agent when its decision ends without a version (a version is told by the registry). */
export async function tellEnd(
  tx: DatabaseTransaction,
  { outbox, audit }: { readonly outbox: OutboxWriter; readonly audit: AuditTrail<AuditedAction> },
  { id, decisionId, actor, end, at }: EndToTell,
): Promise<void> {
  const { state, ...payload } = end;
  await audit.record(tx, {
    action: `training.${state}`,
    key: id,
    subject: `training-run:${id}`,
    actor,
    at,
    payload: 'outcome' in payload ? { ...payload.outcome, decisionId } : { ...payload, decisionId },
  });
  if (end.state === 'succeeded' || decisionId === null) return;
  const { code, message } = end;
  await outbox.enqueue(tx, 'training.failed', {
    v: 1,
    trainingRunId: id,
    decisionId,
    state: end.state,
    code,
    message: message.slice(0, 2_000),
  });
}
