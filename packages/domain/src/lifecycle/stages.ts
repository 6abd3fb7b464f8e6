/**
 * How far a version has come. Of the versions that serving can run, at most one per model is in `production`: the one that answers. For all
 * others a stage is a label.
 */
export const LIFECYCLE_STAGES = ['training', 'staging', 'production', 'archived'] as const;
export type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];

/** What moves a version: somebody's promotion, a rollback, or another version taking its place. */
export type StageMove = 'promote' | 'rollback' | 'supersede';

/** One edge of the lifecycle. */
export interface StageTransition {
  readonly from: LifecycleStage;
  readonly to: LifecycleStage;
  readonly by: StageMove;
  /** What the edge is for, for people. */
  readonly purpose: string;
  /** Only for a version that never answered. */
  readonly onlyNeverLive?: true;
}

/** Where a version is and has been. */
export interface StagePlace {
  readonly stage: LifecycleStage;
  readonly wasLive: boolean;
}

/** Every version begins here. */
export const FIRST_STAGE: LifecycleStage = 'training';

/**
 * The lifecycle as data. A version that left production comes back by a rollback only: a promotion would judge it by an evaluation
 * made before it was taken out of service. The live version is never archived by hand: something must answer in its place.
 */
export const STAGE_TRANSITIONS: readonly StageTransition[] = [
  { from: 'training', to: 'staging', by: 'promote', purpose: 'try it where it answers nobody' },
  { from: 'training', to: 'production', by: 'promote', purpose: 'let it answer' },
  { from: 'training', to: 'archived', by: 'promote', purpose: 'put it aside' },
  { from: 'staging', to: 'training', by: 'promote', purpose: 'end its trial' },
  { from: 'staging', to: 'production', by: 'promote', purpose: 'let it answer' },
  { from: 'staging', to: 'archived', by: 'promote', purpose: 'put it aside' },
  { from: 'archived', to: 'training', by: 'promote', purpose: 'look at it again', onlyNeverLive: true },
  { from: 'archived', to: 'staging', by: 'promote', purpose: 'look at it again', onlyNeverLive: true },
  { from: 'production', to: 'archived', by: 'supersede', purpose: 'another version answers in its place' },
  { from: 'production', to: 'archived', by: 'rollback', purpose: 'the version before answers again' },
  { from: 'archived', to: 'production', by: 'rollback', purpose: 'let it answer again' },
];

/** The edges that a version may take now by that move. */
export function transitionsFrom({ stage, wasLive }: StagePlace, by: StageMove): readonly StageTransition[] {
  return STAGE_TRANSITIONS.filter((edge) => edge.from === stage && edge.by === by && !(edge.onlyNeverLive && wasLive));
}

/** True when the lifecycle has that edge for a version at that place. */
export function canMoveStage(place: StagePlace, to: LifecycleStage, by: StageMove): boolean {
  return transitionsFrom(place, by).some((edge) => edge.to === to);
}
