export * from './check-traffic-plan.js';
export * from './choose-rollback-target.js';
export * from './compare-versions.js';
export * from './judge-promotion.js';
export * from './plan-after-move.js';
export * from './stages.js';
