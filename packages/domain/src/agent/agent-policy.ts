import type { ActionType } from './action-type.js';
import type { Risk } from './risk.js';

/** What an operator may set, for one model or as the default of all. */
export interface AgentPolicy {
  /** Store what would be done, do nothing. */
  readonly dryRun: boolean;
  /** Raises the built-in risk of an action; a level below the built-in one has no effect. */
  readonly risk: Readonly<Partial<Record<ActionType, Risk>>>;
  /** Hours within which a proposal must be decided, and an approval must be used. */
  readonly approvalHours: number;
  /** Minutes that must pass after an action on a target before the same is proposed again. */
  readonly coolDownMinutes: number;
  /** Executions of one action on one target allowed within `attemptsWindowHours`. */
  readonly attemptsMax: number;
  readonly attemptsWindowHours: number;
  /** Degradation found within so many hours after a promotion points at the deployment. */
  readonly deploymentSuspectHours: number;
}

/**
 * A day to answer a proposal and a day in which a deployment is the first suspect: one working day, whatever the hour. An hour's
 * cool-down keeps a repair from being judged by a window that began before it. Three tries a day, then a person is needed.
 */
export const DEFAULT_AGENT_POLICY: AgentPolicy = {
  dryRun: false,
  risk: {},
  approvalHours: 24,
  coolDownMinutes: 60,
  attemptsMax: 3,
  attemptsWindowHours: 24,
  deploymentSuspectHours: 24,
};
