import { createRandom, deriveSeed, shuffle } from '../random/random.js';

/**
 * Deals texts into folds, each class evenly. Texts that are equal go into one fold, so that no fold is judged on what it
 * has learned.
 *
 * @param texts in the order of their characters
 * @returns the fold of each text
 */
export function planTextFolds(
  texts: readonly string[],
  target: Int32Array,
  options: { readonly foldCount: number; readonly seed: number },
): Int32Array {
  const { foldCount, seed } = options;
  const firstsByClass = new Map<number, number[]>();
  texts.forEach((text, row) => {
    if (row > 0 && texts[row - 1] === text) return;
    const firsts = firstsByClass.get(target[row]!);
    if (firsts) firsts.push(row);
    else firstsByClass.set(target[row]!, [row]);
  });
  const folds = new Int32Array(texts.length);
  let dealt = 0; // runs on from class to class, which keeps the folds of one size
  for (const label of [...firstsByClass.keys()].sort((a, b) => a - b)) {
    const firsts = Int32Array.from(firstsByClass.get(label)!);
    for (const row of shuffle(firsts, createRandom(deriveSeed(seed, 'text-folds', label)))) {
      folds[row] = dealt++ % foldCount;
    }
  }
  for (let row = 1; row < texts.length; row++) if (texts[row] === texts[row - 1]) folds[row] = folds[row - 1]!;
  return folds;
}
