import type { ReadTexts } from './read-texts.js';
import type { TextModel } from './text-model.js';

/** What is worth knowing of a training that went well otherwise. */
export interface TextWarning {
  readonly code: 'texts-cut' | 'vocabulary-bounded' | 'not-converged' | 'target-accuracy-missed' | 'conflicting-labels';
  readonly detail: string;
}

function countConflicts({ texts, target }: ReadTexts): number {
  let conflicts = 0;
  for (let row = 1; row < texts.length; row++) {
    if (texts[row] === texts[row - 1] && target[row] !== target[row - 1]) conflicts++;
  }
  return conflicts;
}

/** Says what a training had to leave out or could not reach. */
export function listTextWarnings(
  read: ReadTexts,
  model: TextModel,
  found: { readonly isBounded: boolean; readonly charactersMax: number },
): TextWarning[] {
  const warnings: TextWarning[] = [];
  const cut = read.texts.filter((text) => text.length > found.charactersMax && [...text].length > found.charactersMax);
  if (cut.length > 0) {
    const detail = `${cut.length} text(s) are longer than ${found.charactersMax} characters; the rest of them is not read.`;
    warnings.push({ code: 'texts-cut', detail });
  }
  const conflicts = countConflicts(read);
  if (conflicts > 0) {
    warnings.push({ code: 'conflicting-labels', detail: `${conflicts} text(s) occur again with another class.` });
  }
  if (found.isBounded) {
    const kept = model.idf.length;
    warnings.push({ code: 'vocabulary-bounded', detail: `Only the ${kept} most frequent n-grams are kept.` });
  }
  if (!model.fit.converged) {
    warnings.push({ code: 'not-converged', detail: `The fit ended after max_iter (${model.fit.rounds}) rounds.` });
  }
  const { reached, targetAccuracy, accuracy, coverage } = model.abstention;
  if (!reached) {
    const answered = `${(100 * coverage).toFixed(1)} % of the texts are answered with an accuracy of ${accuracy.toFixed(3)}`;
    warnings.push({ code: 'target-accuracy-missed', detail: `No threshold gives ${targetAccuracy}; ${answered}.` });
  }
  return warnings;
}
