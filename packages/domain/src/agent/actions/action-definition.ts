import type { ActionType } from '../action-type.js';
import type { AssessmentEvidence } from '../assessment-evidence.js';
import type { Condition } from '../condition.js';
import type { DecisionContext } from '../decision-context.js';
import type { Diagnoses } from '../diagnoses/diagnose.js';
import type { Risk } from '../risk.js';

/** All that a decision looks at. */
export interface Situation {
  readonly evidence: AssessmentEvidence;
  readonly diagnoses: Diagnoses;
  readonly context: DecisionContext;
}

/** What was decided about the actions considered before this one: an alert tells of them. */
export interface DecidedSoFar {
  readonly proposed: readonly ActionType[];
  readonly refused: readonly { readonly actionType: ActionType; readonly code: string }[];
}

/** JSON that an executor reads again; each action's own interface says what is in it. */
export type ActionArguments = Readonly<Record<string, unknown>>;

/**
 * `not-called-for`: nothing in the situation asks for it. `refused`: it came to mind and something speaks against it; `code` says what.
 * `fits`: its conditions hold and it could be done with `arguments`.
 */
export type Consideration =
  | { readonly kind: 'not-called-for' }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly reason: string;
      readonly conditions: readonly Condition[];
    }
  | {
      readonly kind: 'fits';
      readonly target: string;
      readonly arguments: ActionArguments;
      readonly reason: string;
      readonly conditions: readonly Condition[];
    };

/** One of the seven things that the agent can do. */
export interface ActionDefinition {
  readonly type: ActionType;
  /** The floor: a policy may raise it, nothing lowers it. */
  readonly risk: Risk;
  /** `repairs` changes what is served; `informs` only tells, looks or writes a report. */
  readonly effect: 'repairs' | 'informs';
  /** What must be true afterwards, in one sentence. */
  readonly postCondition: string;
  /** How it is undone when the post-condition does not come true; null when there is nothing to undo. */
  readonly compensation: string | null;
  /** Whether it fits the situation. */
  consider(situation: Situation, soFar: DecidedSoFar): Consideration;
  /** What must be so for it to be done: asked when it is proposed, and again when it is approved and executed. */
  preConditions(situation: Situation): readonly Condition[];
  /** What would be done with these arguments, step by step: what a dry run shows. */
  preview(actionArguments: ActionArguments): readonly string[];
}

/** The first condition that fails decides the refusal; its code is looked up in `codes`, or used itself. */
export function refuse(
  failed: readonly Condition[],
  conditions: readonly Condition[],
  codes: Readonly<Record<string, string>>,
): Consideration {
  const first = failed[0];
  if (!first) throw new RangeError('A refusal needs a condition that does not hold.');
  return {
    kind: 'refused',
    code: codes[first.code] ?? first.code,
    reason: failed.map(({ message }) => message).join(' '),
    conditions,
  };
}
