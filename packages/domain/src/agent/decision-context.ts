import type { ActionState } from './action-state.js';
import type { ActionType } from './action-type.js';
import type { AgentPolicy } from './agent-policy.js';

/** The version that answers now. */
export interface LiveVersion {
  readonly version: number;
  /** Milliseconds since the epoch; null when it was never promoted by a decision on record. */
  readonly promotedAt: number | null;
  /** Probability from which the positive class is answered, in force now. */
  readonly threshold: number;
  /** Whether the gate admitted it; false when it was forced past the gate, null when it was never judged. */
  readonly isAdmitted: boolean | null;
  /** What it was trained on; null when it came from outside. */
  readonly training: {
    readonly dataset: string;
    readonly parts: readonly string[];
    /** The latest version of a table that was uploaded. */
    readonly version?: number;
  } | null;
}

/** An action of the past or under way, as far as limits and duplicates look at it. Times are milliseconds since the epoch. */
export interface PastAction {
  readonly id: string;
  readonly type: ActionType;
  readonly target: string;
  readonly state: ActionState;
  readonly modelVersion: number | null;
  readonly createdAt: number;
  /** When its execution began; null when it never did. */
  readonly executedAt: number | null;
  /** When it came to its end, or was last touched. */
  readonly endedAt: number;
}

/** What the agent knows beside the assessment. */
export interface DecisionContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly isPaused: boolean;
  readonly policy: AgentPolicy;
  readonly live: LiveVersion | null;
  /** The version that a rollback would bring back; null when there is none. */
  readonly previousVersion: number | null;
  /** Whether a training of the model is waiting or running, whoever asked for it. */
  readonly isTraining: boolean;
  /** Actions on the model, as far back as the limits reach, and every one that has not ended. */
  readonly history: readonly PastAction[];
}
