import type { ActionType } from './action-type.js';
import type { SendAlertArguments } from './actions/send-alert.js';
import { sendAlert } from './actions/send-alert.js';
import { type Proposal, propose } from './decide.js';
import type { DecisionContext } from './decision-context.js';

/** An action that came to a bad end. */
export interface FailedAction {
  readonly actionId: string;
  readonly actionType: ActionType;
  readonly modelName: string;
  readonly modelVersion: number | null;
  /** `failed`: nothing more is tried; `compensated`: it was done, did not hold, and was undone. */
  readonly ending: 'failed' | 'compensated';
  readonly code: string;
  readonly message: string;
}

/**
 * What the agent does when it could not help: it tells people. Null for an alert that itself failed, so that failures can't breed. A
 * candidate that was not better is bad news, but no emergency: the version before goes on answering.
 */
export function escalate(failed: FailedAction, context: Pick<DecisionContext, 'policy' | 'now'>): Proposal | null {
  if (failed.actionType === 'send_alert') return null;
  const version = failed.modelVersion === null ? '' : ` version ${failed.modelVersion}`;
  const chosen: SendAlertArguments = {
    dedupKey: `${failed.modelName}/${failed.actionType}-${failed.ending}`,
    alertType: `${failed.actionType}-${failed.ending}`,
    severity: failed.code === 'candidate-not-admitted' ? 'warning' : 'critical',
    title: `${failed.actionType} ${failed.ending}: ${failed.modelName}${version}`,
    message: `${failed.message} (${failed.code}). A person has to look.`.slice(0, 4_000),
  };
  const ended = {
    code: 'action-succeeded',
    holds: false,
    measured: failed.ending,
    limit: 'succeeded',
    message: `Action ${failed.actionId} ended ${failed.ending}: ${failed.code}.`,
  };
  return propose(
    sendAlert,
    {
      kind: 'fits',
      target: `${failed.modelName}/${failed.actionId}`,
      arguments: { ...chosen },
      reason: `${failed.actionType} ended ${failed.ending}: people have to know.`,
      conditions: [ended],
    },
    context,
  );
}
