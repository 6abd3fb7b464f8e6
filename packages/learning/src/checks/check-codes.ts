/** Every finding that a dataset can be given before training, in the order in which they are told. Codes are stable. */
export const DATA_CHECKS = {
  'constant-target': { severity: 'error', title: 'All rows have the same target' },
  'more-classes-than-rows': { severity: 'error', title: 'There are more classes than rows' },
  'class-too-small': { severity: 'error', title: 'A class has fewer rows than there are folds' },
  'no-usable-column': { severity: 'error', title: 'No column can tell rows apart' },
  'too-many-categories': { severity: 'error', title: 'A column has 10 000 categories or more' },
  'target-copy': { severity: 'warning', title: 'A column is a copy of the target' },
  leak: { severity: 'warning', title: 'A column tells the target all but surely on its own' },
  'duplicate-rows': { severity: 'warning', title: 'Rows to judge by also stand among the rows to learn from' },
  identifier: { severity: 'warning', title: 'A column numbers or names its rows' },
  'date-as-number': { severity: 'warning', title: 'A column holds dates written as numbers' },
  'column-missing': { severity: 'warning', title: 'A column has no values' },
  'column-constant': { severity: 'warning', title: 'A column has the same value everywhere' },
  'huge-values': { severity: 'warning', title: 'A column has values beyond 1e12' },
  'many-categories': { severity: 'warning', title: 'A column has many categories' },
} as const satisfies Readonly<Record<string, { readonly severity: 'error' | 'warning'; readonly title: string }>>;

/** Stable name of a finding. */
export type DataCheckCode = keyof typeof DATA_CHECKS;

/** One finding. An error means that training can't succeed, a warning that it may learn something that will not hold. */
export interface DataCheck {
  readonly code: DataCheckCode;
  /** The column it is about; absent when it is about the dataset. */
  readonly column?: string;
  /** What was found and what to do about it; names columns and counts, and holds no value of a row. */
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export function report(code: DataCheckCode, message: string, column?: string): DataCheck {
  const { severity } = DATA_CHECKS[code];
  return column === undefined ? { code, message, severity } : { code, column, message, severity };
}

/** In the order of {@link DATA_CHECKS}, those of one code in the order found. */
export function orderChecks(checks: readonly DataCheck[]): DataCheck[] {
  const place = Object.keys(DATA_CHECKS);
  return checks.toSorted((a, b) => place.indexOf(a.code) - place.indexOf(b.code));
}
