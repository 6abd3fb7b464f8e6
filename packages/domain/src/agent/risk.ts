/** `low` runs by itself; `medium` and `high` wait for an approver. */
export const RISKS = ['low', 'medium', 'high'] as const;
export type Risk = (typeof RISKS)[number];

/** The riskier of two. */
export function higherRisk(one: Risk, other: Risk): Risk {
  return RISKS.indexOf(one) >= RISKS.indexOf(other) ? one : other;
}

/** Only low risk acts without a person. */
export const needsApproval = (risk: Risk): boolean => risk !== 'low';
