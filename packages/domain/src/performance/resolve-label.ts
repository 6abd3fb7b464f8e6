import type { AnswerTask } from './answer-task.js';

/** A true outcome as it was told: the name of a class, a number, yes or no. */
export type StatedLabel = string | number | boolean;

/** What a version answers, as far as a label must fit it. */
export interface LabelFrame {
  readonly task: AnswerTask;
  /** By index; empty where the answer is no class, or 0 and 1. */
  readonly classes: readonly string[];
}

/** The label as the prediction log keeps it (0 or 1, the index of the class, the value), or why it is none. */
export type ResolvedLabel = { readonly actual: number } | { readonly fault: string };

/** More names than these would bury the message. */
const NAMED_MAX = 10;

/** Fits a label to what its version answers. A class whose name is a number may be told as the number. */
export function resolveLabel({ task, classes }: LabelFrame, stated: StatedLabel): ResolvedLabel {
  switch (task) {
    case 'binary-classification':
      return resolveYesNo(stated, '1 (positive) or 0, true or false');
    case 'anomaly-detection':
      return resolveYesNo(stated, 'true (an anomaly) or false, 1 or 0');
    case 'regression':
      return typeof stated === 'number' && Number.isFinite(stated)
        ? { actual: stated }
        : { fault: 'must be a number: the model tells values' };
    case 'multiclass-classification':
    case 'text-classification': {
      const actual = classes.indexOf(String(stated));
      return actual >= 0
        ? { actual }
        : { fault: `${quote(String(stated))} is no class of the model: ${listed(classes)}` };
    }
  }
}

function resolveYesNo(stated: StatedLabel, wanted: string): ResolvedLabel {
  if (stated === 1 || stated === true) return { actual: 1 };
  return stated === 0 || stated === false ? { actual: 0 } : { fault: `must be ${wanted}` };
}

const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);

function listed(classes: readonly string[]): string {
  const shown = classes.slice(0, NAMED_MAX).map(quote).join(', ');
  return classes.length > NAMED_MAX ? `${shown} and ${classes.length - NAMED_MAX} more` : shown;
}
