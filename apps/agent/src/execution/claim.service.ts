import { type DatabaseTransaction, type Prisma, toJson } from '@gimbal/db';
import {
  ACTION_TYPES,
  type ActionEvent,
  type ActionType,
  claimExecution,
  type ExecutionRow,
  escalate,
  recordOutcome,
} from '@gimbal/domain';
import { AuditTrail, CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { findNewestEvidence } from '../assessment/assessment.repository.js';
import type { AuditedAction } from '../audit/audited-action.js';
import type { AgentConfig } from '../config.js';
import { Database } from '../database/database.js';
import { ActionJournal } from '../decision/action-journal.js';
import { loadContext } from '../decision/decision-context.repository.js';
import { type ActionRow, evidenceOf, findAction, lockAction, moveAction, settleIncident } from './action.repository.js';
import { findStaleReason } from './standing-proposal.js';
import { withdrawAction } from './withdraw-action.js';

/** An action in the hands of this worker, as long as nobody has claimed it since. */
export interface Held {
  readonly row: ActionRow;
  readonly token: number;
}

/** Another worker has taken the action over: what this one does from now on must leave no trace. */
export class ClaimLostError extends Error {
  constructor(id: string) {
    super(`The claim on action ${id} was lost to another worker.`);
    this.name = 'ClaimLostError';
  }
}

/** How an execution ended. */
export interface Ending {
  readonly event: Extract<ActionEvent, 'verify' | 'fail' | 'compensate'>;
  readonly code?: string;
  readonly message?: string;
  readonly data: Prisma.AgentActionUpdateInput;
}

const AUDITED = { verify: 'action.verified', fail: 'action.failed', compensate: 'action.compensated' } as const;
const Type = z.enum(ACTION_TYPES);

/** Which worker may carry out an action, and what it may write about it: nothing without the newest claim. */
@Injectable()
export class ClaimService {
  private readonly leaseMs: number;

  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly journal: ActionJournal,
    @Inject(CONFIG) { execution }: AgentConfig,
  ) {
    this.leaseMs = execution.leaseMs;
  }

  /**
   * Takes an action, if it is approved or was left by another worker and nothing stands against it. An approved one is judged again on
   * what is known now: it must still hold, or it is superseded instead. A paused agent begins nothing and takes no further step; it still
   * looks whether a step taken came true, and undoes it when not.
   */
  async claim(id: string): Promise<Held | null> {
    const modelName = (await findAction(this.database.reader, id))?.modelName;
    if (modelName === undefined) return null;
    return await this.database.changeInTurn(modelName, async (tx) => {
      const row = await lockAction(tx, id);
      if (!row) return null;
      const at = new Date();
      const context = await loadContext(tx, modelName, at);
      if (context.isPaused && row.state !== 'verifying') return null;
      const claim = claimExecution(executionOf(row), at.getTime(), this.leaseMs);
      if (claim.kind === 'not-claimable') {
        if (claim.why === 'expired') await this.expire(tx, row, at);
        return null;
      }
      if (row.state === 'approved' && !(await this.consumeApproval(tx, row, context, at))) return null;
      const { state, fencingToken, attempt } = claim.row;
      const data = { state, fencingToken, attempt, heartbeatAt: at, intentAt: row.intentAt ?? at };
      const updated = await tx.agentAction.update({ where: { id }, data });
      return { row: { ...updated, state }, token: fencingToken };
    });
  }

  /** Takes an expired proposal or approval to its end. */
  async expire(tx: DatabaseTransaction, row: ActionRow, at: Date): Promise<void> {
    await moveAction(tx, row, 'expire');
    await this.audit.record(tx, {
      action: 'action.expired',
      key: row.id,
      subject: `agent-action:${row.id}`,
      at,
      payload: { actionType: row.actionType, was: row.state, expiredAt: row.expiresAt?.toISOString() ?? null },
    });
    await settleIncident(tx, row.incidentId, at);
  }

  /** Withdraws what no longer holds. */
  async supersede(tx: DatabaseTransaction, row: ActionRow, reason: string, at: Date): Promise<void> {
    await withdrawAction(tx, this.audit, { row, reason, at });
  }

  /** Writes about a held action. @throws ClaimLostError */
  async write(
    { row, token }: Held,
    data: Prisma.AgentActionUpdateManyMutationInput,
    also?: (tx: DatabaseTransaction) => Promise<void>,
  ): Promise<void> {
    await this.database.change(async (tx) => {
      const where = { id: row.id, fencingToken: token, state: { in: ['executing', 'verifying'] } };
      const { count } = await tx.agentAction.updateMany({ where, data });
      if (count === 0) throw new ClaimLostError(row.id);
      await also?.(tx);
    });
  }

  /** From carrying out to verifying. @throws ClaimLostError */
  async finish(held: Held, result: Readonly<Record<string, unknown>>, verifyUntil: Date): Promise<Held> {
    return await this.move(held, 'finish', async (tx, row, at) => {
      await this.audit.record(tx, {
        action: 'action.executed',
        key: row.id,
        subject: `agent-action:${row.id}`,
        at,
        payload: { actionType: row.actionType, attempt: row.attempt, approvedBy: row.reviewedBy },
      });
      return { executionResult: toJson(result), executedAt: at, heartbeatAt: at, verifyAt: at, verifyUntil };
    });
  }

  /** Takes a held action to its end, tells people when it is a bad one, and closes the incident when it was the last. @throws ClaimLostError */
  async end(held: Held, { event, code, message, data }: Ending): Promise<void> {
    await this.move(held, event, async (tx, row, at) => {
      const error = code === undefined ? {} : { error: toJson({ code, message: message ?? '' }) };
      await this.audit.record(tx, {
        action: AUDITED[event],
        key: row.id,
        subject: `agent-action:${row.id}`,
        at,
        payload: { actionType: row.actionType, ...(code !== undefined && { code, message: message ?? '' }) },
      });
      if (event !== 'verify')
        await this.tellPeople(tx, row, { event, code: code ?? 'verification-failed', message: message ?? '' }, at);
      return { ...data, ...error, heartbeatAt: null, verifyAt: null };
    });
  }

  private async move(
    { row: { id }, token }: Held,
    event: Extract<ActionEvent, 'finish' | 'verify' | 'fail' | 'compensate'>,
    describe: (tx: DatabaseTransaction, row: ActionRow, at: Date) => Promise<Prisma.AgentActionUpdateInput>,
  ): Promise<Held> {
    return await this.database.change(async (tx) => {
      const row = await lockAction(tx, id);
      if (!row || recordOutcome(executionOf(row), token, event) === null) throw new ClaimLostError(id);
      const at = new Date();
      const moved = await moveAction(tx, row, event, await describe(tx, row, at));
      await settleIncident(tx, row.incidentId, at);
      return { row: moved, token };
    });
  }

  /** Binds the execution to exactly what was approved, once, and asks whether it still holds. */
  private async consumeApproval(
    tx: DatabaseTransaction,
    row: ActionRow,
    context: Awaited<ReturnType<typeof loadContext>>,
    at: Date,
  ): Promise<boolean> {
    if (row.requiresApproval) {
      const { evidenceHash, argumentsHash } = row;
      const where = {
        agentActionId: row.id,
        decision: 'approve',
        evidenceHash,
        argumentsHash,
        consumedAt: null,
      } as const;
      const { count } = await tx.approval.updateMany({ where, data: { consumedAt: at } });
      if (count === 0) {
        await this.supersede(tx, row, 'There is no unused approval of exactly this.', at);
        return false;
      }
    }
    const newest = row.modelVersion === null ? null : await findNewestEvidence(tx, row.modelName, row.modelVersion);
    const stale = findStaleReason(row, { newest, context, isApprovedByPerson: row.requiresApproval });
    if (stale !== null) await this.supersede(tx, row, stale, at);
    return stale === null;
  }

  private async tellPeople(
    tx: DatabaseTransaction,
    row: ActionRow,
    {
      event,
      code,
      message,
    }: { readonly event: 'fail' | 'compensate'; readonly code: string; readonly message: string },
    at: Date,
  ): Promise<void> {
    const ending = event === 'fail' ? 'failed' : 'compensated';
    const { id: actionId, modelName, modelVersion, incidentId } = row;
    const actionType: ActionType = Type.parse(row.actionType);
    const context = await loadContext(tx, modelName, at);
    const proposal = escalate({ actionId, actionType, modelName, modelVersion, ending, code, message }, context);
    const evidence = evidenceOf(row);
    if (proposal === null || evidence === null) return;
    await this.journal.enter(tx, {
      incidentId,
      evidence,
      proposal,
      name: `${actionId}:${ending}`,
      at,
    });
  }
}

function executionOf({ state, expiresAt, fencingToken, attempt, heartbeatAt }: ActionRow): ExecutionRow {
  return {
    state,
    expiresAt: expiresAt?.getTime() ?? null,
    fencingToken,
    attempt,
    heartbeatAt: heartbeatAt?.getTime() ?? null,
  };
}
