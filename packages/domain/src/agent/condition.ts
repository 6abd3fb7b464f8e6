/** A number, word or list as it was measured or allowed; plain JSON. */
export type Measured = number | string | boolean | null | readonly string[];

/**
 * One question that was asked on the way to a decision, with what was measured and what was allowed. `code` names the good case
 * (`data-sound`, `labels-enough`) and `holds` says whether it is so. Kept with every decision: the reason, not a story about it.
 */
export interface Condition {
  readonly code: string;
  readonly holds: boolean;
  readonly measured: Measured;
  readonly limit: Measured;
  readonly message: string;
}

/** Those that do not hold, in the order in which they were asked. */
export function failedConditions(conditions: readonly Condition[]): Condition[] {
  return conditions.filter((condition) => !condition.holds);
}
