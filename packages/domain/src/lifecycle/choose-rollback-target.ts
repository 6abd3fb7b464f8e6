/** One move of what is live, oldest first in a history. */
export interface LiveMove {
  readonly kind: 'promote' | 'rollback';
  readonly to: number;
}

/** Where a rollback goes, or why it can't. */
export type RollbackChoice =
  | { readonly target: number }
  | { readonly refusal: 'no-live-version' | 'nothing-to-roll-back' | 'is-live' | 'was-never-live' };

/**
 * Chooses the version that a rollback puts live: the one that was live before, or `wanted`, which must have been live once.
 *
 * The history is read as a stack. A promotion puts its version on top; a rollback takes away everything above its target. So a version
 * that was itself rolled away from is never "the one before", however recent it is.
 *
 * @param history every move of the live alias, oldest first
 */
export function chooseRollbackTarget(history: readonly LiveMove[], wanted?: number): RollbackChoice {
  const stack = stackOfLive(history);
  const live = stack.at(-1);
  if (live === undefined) return { refusal: 'no-live-version' };
  if (wanted === undefined) {
    const before = stack.at(-2);
    return before === undefined ? { refusal: 'nothing-to-roll-back' } : { target: before };
  }
  if (wanted === live) return { refusal: 'is-live' };
  return history.some(({ to }) => to === wanted) ? { target: wanted } : { refusal: 'was-never-live' };
}

function stackOfLive(history: readonly LiveMove[]): readonly number[] {
  const stack: number[] = [];
  for (const { kind, to } of history) {
    const at = kind === 'rollback' ? stack.lastIndexOf(to) : -1;
    if (at >= 0) stack.length = at + 1;
    else stack.push(to);
  }
  return stack;
}
