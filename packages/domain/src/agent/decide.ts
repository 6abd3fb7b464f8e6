import type { ActionType } from './action-type.js';
import { ACTIONS } from './actions/action-catalogue.js';
import type {
  ActionArguments,
  ActionDefinition,
  Consideration,
  DecidedSoFar,
  Situation,
} from './actions/action-definition.js';
import type { AssessmentEvidence } from './assessment-evidence.js';
import { askLimits } from './attempt-limits.js';
import { type Condition, failedConditions } from './condition.js';
import type { DecisionContext } from './decision-context.js';
import { diagnose, presentDiagnoses } from './diagnoses/diagnose.js';
import type { Diagnosis } from './diagnoses/diagnosis.js';
import { higherRisk, needsApproval, type Risk } from './risk.js';

/** An action to be stored: waiting for an approver, to be done at once, or (dry run) only to be shown. */
export interface Proposal {
  readonly actionType: ActionType;
  readonly target: string;
  readonly risk: Risk;
  readonly requiresApproval: boolean;
  readonly isDryRun: boolean;
  readonly arguments: ActionArguments;
  readonly reason: string;
  /** Every condition that was asked, the limits included. */
  readonly conditions: readonly Condition[];
  readonly postCondition: string;
  /** What would be done, step by step. */
  readonly preview: readonly string[];
  /** Milliseconds since the epoch; until then it must be decided and, once approved, begun. */
  readonly expiresAt: number;
}

/** An action that came to mind and was not proposed. */
export interface Refusal {
  readonly actionType: ActionType;
  readonly code: string;
  readonly reason: string;
  readonly conditions: readonly Condition[];
}

/** What follows from one assessment. Nothing proposed (`monitor`) is a decision like any other. */
export interface Decision {
  readonly kind: 'monitor' | 'act';
  readonly conclusion: string;
  readonly diagnoses: readonly Diagnosis[];
  readonly proposals: readonly Proposal[];
  readonly refused: readonly Refusal[];
}

const HOUR_MS = 3_600_000;

const LIMIT_CODES: Readonly<Record<string, string>> = {
  'not-proposed-already': 'already-proposed',
  'no-other-repair': 'repair-in-progress',
  'cooled-down': 'cool-down',
  'attempts-left': 'attempts-exhausted',
};

/**
 * Concludes from one assessment what to do: asks the five diagnoses, considers the seven actions in order, and keeps the reason for each
 * that is proposed or refused. Pure: the same evidence and context always give the same decision.
 */
export function decide(evidence: AssessmentEvidence, context: DecisionContext): Decision {
  const situation: Situation = { evidence, context, diagnoses: diagnose(evidence, context.live) };
  const proposals: Proposal[] = [];
  const refused: Refusal[] = [];
  for (const definition of Object.values(ACTIONS)) {
    const soFar: DecidedSoFar = { proposed: proposals.map(({ actionType }) => actionType), refused };
    const considered = limit(definition, definition.consider(situation, soFar), soFar, context);
    if (considered.kind === 'fits') proposals.push(propose(definition, considered, context));
    if (considered.kind === 'refused') {
      const { code, reason, conditions } = considered;
      refused.push({ actionType: definition.type, code, reason, conditions });
    }
  }
  const diagnoses = Object.values(situation.diagnoses);
  return {
    kind: proposals.length > 0 ? 'act' : 'monitor',
    conclusion: conclude(situation, proposals, refused),
    diagnoses,
    proposals,
    refused,
  };
}

/** What holds for every action: the pause switch, one repair at a time, duplicates, cool-down, attempts. */
function limit(
  definition: ActionDefinition,
  considered: Consideration,
  soFar: DecidedSoFar,
  context: DecisionContext,
): Consideration {
  if (considered.kind !== 'fits') return considered;
  const asked = [
    askActive(context),
    askOnlyRepair(definition, soFar),
    ...askLimits(definition, considered.target, context),
  ];
  const conditions = [...considered.conditions, ...asked];
  const failed = failedConditions(asked);
  const [first] = failed;
  if (!first) return { ...considered, conditions };
  const code = LIMIT_CODES[first.code] ?? (first.code === 'agent-active' ? 'agent-paused' : 'other-repair-proposed');
  return { kind: 'refused', code, reason: failed.map(({ message }) => message).join(' '), conditions };
}

function askActive({ isPaused }: DecisionContext): Condition {
  return {
    code: 'agent-active',
    holds: !isPaused,
    measured: isPaused ? 'paused' : 'active',
    limit: 'active',
    message: isPaused ? 'The agent is paused.' : 'The agent is active.',
  };
}

/** Two repairs at once could not be told apart by their effect. */
function askOnlyRepair(definition: ActionDefinition, { proposed }: DecidedSoFar): Condition {
  const other =
    definition.effect === 'repairs' ? proposed.find((type) => ACTIONS[type].effect === 'repairs') : undefined;
  return {
    code: 'only-repair',
    holds: other === undefined,
    measured: other ?? null,
    limit: null,
    message: other ? `${other} is proposed: its effect must be seen first.` : 'No other repair is proposed.',
  };
}

/** The action with the risk, the deadline and the dry run that the policy gives it. */
export function propose(
  definition: ActionDefinition,
  fits: Extract<Consideration, { kind: 'fits' }>,
  { policy, now }: Pick<DecisionContext, 'policy' | 'now'>,
): Proposal {
  const risk = riskOf(definition, policy.risk);
  return {
    actionType: definition.type,
    target: fits.target,
    risk,
    requiresApproval: needsApproval(risk),
    isDryRun: policy.dryRun,
    arguments: fits.arguments,
    reason: fits.reason,
    conditions: fits.conditions,
    postCondition: definition.postCondition,
    preview: definition.preview(fits.arguments),
    expiresAt: now + policy.approvalHours * HOUR_MS,
  };
}

/** The built-in risk, raised by the policy where it says so. */
export function riskOf(definition: ActionDefinition, raised: Readonly<Partial<Record<ActionType, Risk>>>): Risk {
  return higherRisk(definition.risk, raised[definition.type] ?? 'low');
}

function conclude(
  { diagnoses, evidence }: Situation,
  proposals: readonly Proposal[],
  refused: readonly Refusal[],
): string {
  const present = presentDiagnoses(diagnoses);
  const performance = diagnoses['performance-degradation'];
  const holding = performance.present
    ? []
    : performance.conditions.filter(({ code }) => code === 'quality-as-admitted');
  const unknown =
    evidence.performance === null || evidence.performance.verdict === 'insufficient'
      ? [`Performance is unknown (${evidence.labelledRows} labelled rows).`]
      : [];
  const found = present.flatMap(({ conditions }) => failedConditions(conditions));
  const told = [...found, ...holding].map(({ message }) => message).concat(unknown);
  const calm =
    proposals.length === 0 ? 'Nothing wrong was found.' : 'Ranking holds, but decisions at the threshold got worse.';
  const head = present.length === 0 ? calm : `Found: ${present.map(({ diagnosis }) => diagnosis).join(', ')}.`;
  const done =
    proposals.length === 0
      ? 'Nothing is proposed.'
      : `Decided: ${proposals.map(({ actionType }) => actionType).join(', ')}.`;
  const not = refused.map(({ actionType, code }) => `${actionType} refused (${code}).`);
  return [head, ...told, done, ...not].join(' ');
}
