/** Count, mean and standard deviation (n - 1) of a list; `sd` is 0 below two rows, `mean` 0 without rows. */
export interface Moments {
  readonly rows: number;
  readonly mean: number;
  readonly sd: number;
}

/** One pass by Welford's recurrence: no cancellation for large offsets. */
export function computeMoments(values: ArrayLike<number>): Moments {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const delta = values[i]! - mean;
    mean += delta / (i + 1);
    squares += delta * (values[i]! - mean);
  }
  const rows = values.length;
  return { rows, mean, sd: rows > 1 ? Math.sqrt(squares / (rows - 1)) : 0 };
}
