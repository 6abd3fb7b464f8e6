import type { Actor } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import {
  joinVerdicts,
  judgePolicy,
  judgePromotion,
  measureSoak,
  type PolicyEvidence,
  type PromotionGate,
  type PromotionPolicy,
  type PromotionVerdict,
} from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { RegistryConfig } from '../config.js';
import type { VersionRow } from '../models/show-version.js';
import { metricsOf } from '../models/version-metrics.js';
import { type Candidate, candidateOf, gatherCandidate, gatherLive } from '../promotion/gather-evidence.js';
import { findPolicy } from './policy.repository.js';
import { readSoakHistory } from './read-soak-history.js';
import { listReviews, standingReviews } from './review.repository.js';

const MINUTE_MS = 60_000;
const Tags = z.record(z.string(), z.string());

/** A version that somebody wants to see live. */
export interface ProposedVersion {
  readonly candidate: VersionRow;
  readonly live: VersionRow | null;
  readonly proposer: Actor;
  readonly now: Date;
}

/** Judges versions by the gate of the configuration and by their model's policy. Loads what the domain decides by. */
@Injectable()
export class PromotionJudge {
  constructor(@Inject(CONFIG) private readonly config: RegistryConfig) {}

  /** At registration: only what was measured. Approvals and a trial can't have been yet. */
  async judgeQuality(
    db: DatabaseReader,
    model: string,
    candidate: Candidate,
    live: VersionRow | null,
  ): Promise<PromotionVerdict> {
    const { policy } = await findPolicy(db, model);
    return this.judgeByGate(policy, candidate, live);
  }

  /** At promotion: everything that is asked of the version now. */
  async judge(db: DatabaseReader, proposed: ProposedVersion): Promise<PromotionVerdict> {
    const { candidate, live } = proposed;
    const { policy } = await findPolicy(db, candidate.modelName);
    const byGate = this.judgeByGate(policy, candidateOf(candidate), live);
    return joinVerdicts(byGate, judgePolicy(policy, await gatherPolicyEvidence(db, policy, proposed)));
  }

  /**
   * For a share of the requests, which is answered before the version goes live: all that the policy asks but the trial itself. The gate judged
   * it at registration.
   */
  async judgeTrial(db: DatabaseReader, proposed: ProposedVersion): Promise<PromotionVerdict> {
    const { policy } = await findPolicy(db, proposed.candidate.modelName);
    const beforeTrial = { ...policy, soak: null };
    return judgePolicy(beforeTrial, await gatherPolicyEvidence(db, beforeTrial, proposed));
  }

  private judgeByGate({ gate }: PromotionPolicy, candidate: Candidate, liveRow: VersionRow | null): PromotionVerdict {
    const live = gatherLive(liveRow);
    return judgePromotion(gatherCandidate(candidate, live), live, limitsOf(this.config.promotion, gate));
  }
}

/** The configuration's limits, with those of the policy in place of its own. */
function limitsOf(configured: PromotionGate, own: PromotionPolicy['gate']): PromotionGate {
  return {
    f1Min: own.f1Min ?? configured.f1Min,
    rocAucDropMax: own.rocAucDropMax ?? configured.rocAucDropMax,
    brierRiseMax: own.brierRiseMax ?? configured.brierRiseMax,
    parityMax: own.parityMax ?? configured.parityMax,
  };
}

async function gatherPolicyEvidence(
  db: DatabaseReader,
  { soak }: PromotionPolicy,
  { candidate, live, proposer, now }: ProposedVersion,
): Promise<PolicyEvidence> {
  const soakedMs = soak ? measureSoak(await readSoakHistory(db, candidate), soak.roles, now.getTime()) : 0;
  return {
    metrics: metricsOf(candidate),
    liveMetrics: live && metricsOf(live),
    tags: Tags.parse(candidate.tags),
    hasParity: candidate.parity !== null,
    reviews: standingReviews(await listReviews(db, candidate.modelName, candidate.version)),
    proposer,
    registeredBy: candidate.createdBy,
    soakedMinutes: soakedMs / MINUTE_MS,
  };
}
