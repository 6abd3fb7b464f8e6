export * from './check-traffic-plan.js';
export * from './choose-rollback-target.js';
export type { ComparedWithLive, JudgedMetrics, MeasuredDifference } from './compare-holdouts.js';
export * from './compare-versions.js';
export * from './judge-promotion.js';
export * from './judge-retention.js';
export type { JudgedScores, ScoreDifference } from './judge-scores.js';
export * from './plan-after-move.js';
export {
  joinVerdicts,
  judgePolicy,
  type MetricRule,
  OPEN_POLICY,
  type PolicyEvidence,
  type PromotionPolicy,
  type StandingReview,
} from './promotion-policy.js';
export * from './require-servable.js';
export { measureSoak, SOAK_ROLES, type SoakHistory, type SoakRole } from './soak-time.js';
export * from './stages.js';
