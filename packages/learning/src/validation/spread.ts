/** A metric over the folds. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation over folds (n - 1); 0 over one fold. */
  readonly deviation: number;
}

/** Metrics over the folds; null where no fold defines one. */
export type Summary<M> = { readonly [K in keyof M]: null extends M[K] ? Spread | null : Spread };

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}

/** Mean and deviation of some metrics over the folds that define them. */
export function summarise<M, K extends keyof M & string>(
  folds: readonly M[],
  names: readonly K[],
): Summary<Pick<M, K>> {
  const entries = names.map((name) => {
    const values = folds.map((metrics) => metrics[name]).filter((value) => typeof value === 'number');
    return [name, values.length === 0 ? null : spreadOf(values)] as const;
  });
  return Object.fromEntries(entries) as Summary<Pick<M, K>>; // every name is listed
}
