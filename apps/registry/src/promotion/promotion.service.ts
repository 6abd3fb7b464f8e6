import { type Actor, hasRole, type Promotion } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import { canMoveStage, chooseRollbackTarget, DomainError, transitionsFrom, versionsInPlan } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import type { VersionRow } from '../models/show-version.js';
import { findLiveVersion, findVersion } from '../models/version.repository.js';
import { PromotionJudge } from '../promotion-policy/promotion-judge.js';
import { findPlan } from '../traffic/traffic-plan.repository.js';
import { checkServable } from './check-servable.js';
import { DecisionJournal } from './decision-journal.js';
import { LiveMover } from './live-mover.js';
import {
  type DecisionRecord,
  encodeVerdict,
  keepVerdict,
  readLiveHistory,
  recordDecision,
} from './promotion.repository.js';
import {
  hashRequest,
  type MoveOutcome,
  refuse,
  type WantedPromotion,
  type WantedRollback,
} from './promotion-outcome.js';
import { moveStage } from './stage-history.repository.js';

/** Moves versions through their lifecycle: each decision once, judged, written down and told in one transaction. */
@Injectable()
export class PromotionService {
  constructor(
    private readonly journal: DecisionJournal,
    private readonly mover: LiveMover,
    private readonly judge: PromotionJudge,
  ) {}

  /**
   * Moves a version to a stage; `production` makes it live. Safe to retry with the same `decisionId`.
   * @throws DomainError `model-not-found`, `version-not-found`; `promotion-refused` when the gate or the model's policy says no; `promotion-conflict` when
   *   live is not what was expected; `version-not-servable`; `invalid-transition`; `role-required` for `force` without the admin role; `idempotency-key-reused`
   */
  async promote(wanted: WantedPromotion): Promise<Promotion> {
    const { model, version, request, actor } = wanted;
    const { decisionId, stage, expectedLiveVersion, force, reason } = request;
    const requestHash = hashRequest(['promote', model, version, stage, expectedLiveVersion, force]);
    const decision = { decisionId, requestHash, model, version, actor, reason };
    return await this.journal.decide(decision, (tx) => this.tryPromotion(tx, wanted, requestHash));
  }

  /**
   * Puts the version live that was live before, or `toVersion`, which must have been live once. Safe to retry with the same `decisionId`.
   * @throws DomainError `model-not-found`, `version-not-found`, `promotion-conflict`, `nothing-to-roll-back`, `no-live-version`,
   *   `invalid-transition`, `idempotency-key-reused`
   */
  async rollback(wanted: WantedRollback): Promise<Promotion> {
    const { model, request, actor } = wanted;
    const { decisionId, expectedLiveVersion, toVersion = null, reason } = request;
    const requestHash = hashRequest(['rollback', model, toVersion, expectedLiveVersion]);
    const decision = { decisionId, requestHash, model, version: toVersion, actor, reason };
    return await this.journal.decide(decision, (tx) => this.tryRollback(tx, wanted, requestHash));
  }

  private async tryPromotion(
    tx: DatabaseTransaction,
    wanted: WantedPromotion,
    requestHash: string,
  ): Promise<MoveOutcome> {
    const { model, version, request, actor } = wanted;
    const { decisionId, stage, expectedLiveVersion, force, reason } = request;
    if (force && !hasRole(actor.roles, 'admin')) return refuse('role-required', 'Only an admin may skip the gate.');
    const candidate = await findVersion(tx, model, version);
    const live = await findLiveVersion(tx, model);
    const conflict = checkExpected(live, expectedLiveVersion);
    if (conflict) return conflict;
    if (!canMoveStage(placeOf(candidate), stage, 'promote'))
      return refuse('invalid-transition', explainTransition(candidate, stage));
    const at = new Date();
    const record = {
      kind: 'promote',
      decisionId,
      requestHash,
      model,
      stage,
      to: version,
      reason,
      actor: actor.name,
      at,
    } as const;
    if (stage !== 'production') return await this.changeStage(tx, { ...record, from: null, gate: 'not-asked' }, actor);
    const obstacle = checkServable(candidate);
    if (obstacle) return obstacle;
    const verdict = await this.judge.judge(tx, { candidate, live, proposer: actor, now: at });
    const facts = { gate: encodeVerdict(verdict) };
    if (!verdict.admitted && !force) {
      const messages = verdict.refusals.map(({ code, message }) => `${code}: ${message}`);
      return refuse('promotion-refused', `Version ${version}: ${messages.join(' ')}`, facts);
    }
    await keepVerdict(tx, { model, version, verdict });
    const complete = { ...record, from: live?.version ?? null, gate: force ? 'forced' : 'held' } as const;
    return { done: await this.mover.move(tx, complete, { actor, facts }) };
  }

  /** Moves a version that is not live to a stage where it answers nobody: there is nothing for the gate to judge. */
  private async changeStage(tx: DatabaseTransaction, record: DecisionRecord, actor: Actor): Promise<MoveOutcome> {
    const { model, stage, to, reason, decisionId, at } = record;
    const present = stage === 'archived' ? await findPlan(tx, model) : null;
    if (present && versionsInPlan(present.plan).includes(to)) {
      return refuse('invalid-transition', `Version ${to} is in the traffic plan; take it out first.`);
    }
    await moveStage(tx, { model, version: to, to: stage, actor: actor.name, reason, decisionId, at });
    const done = await recordDecision(tx, record);
    await this.mover.tell(tx, { promotion: done, actor, reason, facts: {} });
    return { done };
  }

  private async tryRollback(
    tx: DatabaseTransaction,
    wanted: WantedRollback,
    requestHash: string,
  ): Promise<MoveOutcome> {
    const { model, request, actor } = wanted;
    const { decisionId, expectedLiveVersion, toVersion, reason } = request;
    const live = await findLiveVersion(tx, model);
    if (!live) return refuse('no-live-version', `Model ${model} has no live version to roll back from.`);
    const conflict = checkExpected(live, expectedLiveVersion);
    if (conflict) return conflict;
    if (toVersion !== undefined) await findVersion(tx, model, toVersion);
    const choice = chooseRollbackTarget(await readLiveHistory(tx, model), toVersion);
    if ('refusal' in choice) return explainRollback(choice.refusal, live.version, toVersion);
    const target = await findVersion(tx, model, choice.target);
    if (!canMoveStage(placeOf(target), 'production', 'rollback')) {
      return refuse(
        'invalid-transition',
        `Version ${target.version} is in stage ${target.stage} and can't be rolled back to.`,
      );
    }
    const { version: to } = target;
    const record = {
      kind: 'rollback',
      decisionId,
      requestHash,
      model,
      stage: 'production',
      to,
      reason,
      actor: actor.name,
    } as const;
    const complete = { ...record, from: live.version, gate: 'not-asked', at: new Date() } as const;
    return { done: await this.mover.move(tx, complete, { actor, facts: {} }) };
  }
}

function checkExpected(live: VersionRow | null, expected: number | null): MoveOutcome | null {
  const present = live?.version ?? null;
  if (present === expected) return null;
  const detail = `Live is ${present ?? 'nothing'}, not ${expected ?? 'nothing'}. Read the live version again and decide anew.`;
  return refuse('promotion-conflict', detail, { live: present, expected });
}

const placeOf = ({ stage, promotedAt }: VersionRow) => ({ stage, wasLive: promotedAt !== null });

function explainTransition(row: VersionRow, to: string): string {
  const { version, stage, promotedAt } = row;
  if (stage === 'production') return `Version ${version} is live: put another version live, or roll back.`;
  if (stage === 'archived' && promotedAt)
    return `Version ${version} was live before and comes back by a rollback only.`;
  const allowed = transitionsFrom(placeOf(row), 'promote').map((edge) => `${edge.to} (to ${edge.purpose})`);
  return `Version ${version} is in stage ${stage}, from where it can't be moved to ${to}, but to ${allowed.join(', ')}.`;
}

function explainRollback(
  refusal: 'no-live-version' | 'nothing-to-roll-back' | 'is-live' | 'was-never-live',
  live: number,
  wanted: number | undefined,
): MoveOutcome {
  if (refusal === 'is-live') return refuse('invalid-transition', `Version ${wanted} is live already.`);
  if (refusal === 'was-never-live')
    return refuse('invalid-transition', `Version ${wanted} was never live; promote it instead.`);
  if (refusal === 'nothing-to-roll-back') return refuse(refusal, `No version was live before version ${live}.`);
  throw new DomainError(refusal, 'There is a live version without a history of it.');
}
