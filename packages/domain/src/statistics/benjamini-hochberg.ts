/**
 * Benjamini-Hochberg adjusted p-values, in the order given: calling those <= alpha findings keeps the expected share of false
 * ones among them at alpha (Benjamini and Hochberg 1995). A null or NaN entry (no test was possible) stays null and does
 * not count as a test.
 */
export function adjustBenjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues
    .map((p, index) => ({ p: p ?? Number.NaN, index }))
    .filter(({ p }) => !Number.isNaN(p))
    .sort((a, b) => b.p - a.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let smallest = 1;
  tested.forEach(({ p, index }, position) => {
    smallest = Math.min(smallest, p * (tested.length / (tested.length - position)));
    adjusted[index] = smallest;
  });
  return adjusted;
}
