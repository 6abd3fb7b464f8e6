/** How far a version has come. `production` is the one that answers; there is at most one per model. */
export const LIFECYCLE_STAGES = ['training', 'staging', 'production', 'archived'] as const;
export type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];

/** What moves a version: somebody's promotion, a rollback, or another version taking its place. */
export type StageMove = 'promote' | 'rollback' | 'supersede';

/** One edge of the lifecycle. */
export interface StageTransition {
  readonly from: LifecycleStage;
  readonly to: LifecycleStage;
  readonly by: StageMove;
}

/** Every version begins here. */
export const FIRST_STAGE: LifecycleStage = 'training';

/**
 * The lifecycle as data. A version that left production comes back by a rollback only: a promotion would judge it by an evaluation
 * made before it was taken out of service. The live version is never archived by hand: something must answer in its place.
 */
export const STAGE_TRANSITIONS: readonly StageTransition[] = [
  { from: 'training', to: 'staging', by: 'promote' },
  { from: 'training', to: 'production', by: 'promote' },
  { from: 'training', to: 'archived', by: 'promote' },
  { from: 'staging', to: 'production', by: 'promote' },
  { from: 'staging', to: 'archived', by: 'promote' },
  { from: 'production', to: 'archived', by: 'supersede' },
  { from: 'production', to: 'archived', by: 'rollback' },
  { from: 'archived', to: 'production', by: 'rollback' },
];

/** True when the lifecycle has that edge. */
export function canMoveStage(from: LifecycleStage, to: LifecycleStage, by: StageMove): boolean {
  return STAGE_TRANSITIONS.some((edge) => edge.from === from && edge.to === to && edge.by === by);
}
