import type { DatabaseTransaction } from '@gimbal/db';
import type { ActionType, AssessmentEvidence, Condition } from '@gimbal/domain';

/** An action under way, as its executor sees it. `id` is the decision id that every other service is given. */
export interface RunningAction {
  readonly id: string;
  readonly modelName: string;
  readonly modelVersion: number | null;
  readonly reason: string;
  /** As stored; each executor parses its own. */
  readonly arguments: unknown;
  readonly evidence: AssessmentEvidence;
  /** What earlier steps left; null before the first. */
  readonly result: Readonly<Record<string, unknown>> | null;
}

/** What a step came to. `waiting`: something outside must happen first; the executor is asked again then. */
export type StepOutcome =
  | { readonly kind: 'done'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: 'waiting'; readonly result: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly result: Readonly<Record<string, unknown>>;
    };

/**
 * Writes down how far an action has come, before or after an effect, together with the jobs that belong to it. Throws when another worker
 * has taken the action over: then nothing more may be done.
 */
export type RecordStep = (
  result: Readonly<Record<string, unknown>>,
  also?: (tx: DatabaseTransaction) => Promise<void>,
) => Promise<void>;

/**
 * How one of the seven actions is done. Every method may be called again after a crash at any point, so each effect outside is made under
 * the action's id and asked for again without harm. Failures of other services are thrown as they come.
 */
export interface Executor {
  readonly type: ActionType;
  execute(action: RunningAction, record: RecordStep): Promise<StepOutcome>;
  /** Asks whether the post-condition is true now: every condition must hold. */
  verify(action: RunningAction): Promise<readonly Condition[]>;
  /** Undoes it; null when there is nothing that could be undone. */
  readonly compensate: ((action: RunningAction) => Promise<Readonly<Record<string, unknown>>>) | null;
}
