/** A column of numbers, standardised when it is read: z = (value - offset) * scale. */
export interface NumberColumn {
  /** By training row; without NaN. The dataset's own memory when nothing had to be filled in or left out. */
  readonly values: Float32Array;
  readonly offset: number;
  readonly scale: number;
}

/** A categorical column as indicators, of which at most one per row is 1. */
export interface CategoryColumn {
  /** Which indicator is 1, by row; `size` where none is. */
  readonly indices: Int32Array;
  /** Indicators. */
  readonly size: number;
}

/** The z of all terms for all training rows: the columns of numbers first, then the indicators. */
export interface DesignMatrix {
  readonly rowCount: number;
  /** Terms. */
  readonly width: number;
  readonly columns: readonly NumberColumn[];
  readonly categoryColumns: readonly CategoryColumn[];
}

/** The given rows of a design, copied. */
export function takeDesignRows(design: DesignMatrix, rows: Int32Array): DesignMatrix {
  const columns = design.columns.map(({ values, offset, scale }) => {
    const taken = new Float32Array(rows.length);
    for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
    return { values: taken, offset, scale };
  });
  const categoryColumns = design.categoryColumns.map(({ indices, size }) => ({
    indices: rows.map((row) => indices[row]!),
    size,
  }));
  return { rowCount: rows.length, width: design.width, columns, categoryColumns };
}
