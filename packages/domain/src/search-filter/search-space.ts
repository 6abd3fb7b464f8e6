/** What a column says something of. */
export type SearchKind = 'attribute' | 'metric' | 'parameter' | 'tag' | 'dataset';

/** A column: an attribute by its one name, anything else by its key. */
export interface SearchField {
  readonly kind: SearchKind;
  readonly key: string;
}

export type SearchOperator =
  | '='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | 'LIKE'
  | 'ILIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL';

/** Conditions of one filter hold together (AND). */
export type SearchCondition = SearchField &
  (
    | { readonly operator: '=' | '!=' | '>' | '>=' | '<' | '<='; readonly value: number }
    | { readonly operator: '=' | '!=' | 'LIKE' | 'ILIKE'; readonly value: string }
    | { readonly operator: 'IN' | 'NOT IN'; readonly value: readonly string[] }
    | { readonly operator: 'IS NULL' | 'IS NOT NULL'; readonly value: null }
  );

export interface SearchOrder extends SearchField {
  readonly direction: 'asc' | 'desc';
}

/** What may be asked of a column. */
export interface ColumnRule {
  /** `quoted-integer` is an integer that may be written as text, too. */
  readonly values: 'number' | 'integer' | 'quoted-integer' | 'text';
  readonly operators: readonly SearchOperator[];
}

/** What may be searched by, and in which words: data that the one grammar is read with. */
export interface SearchSpace {
  /** The words before the dot, such as `metrics`. */
  readonly prefixes: Readonly<Record<string, SearchKind>>;
  /** The refusal of any other word there. */
  readonly prefixRefusal: (prefix: string) => string;
  /** How an attribute may be written → the one name it has here. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly attributeRules: Readonly<Record<string, ColumnRule>>;
  readonly rules: Readonly<Partial<Record<Exclude<SearchKind, 'attribute'>, ColumnRule>>>;
  /** The refusal of a list where a column takes none. */
  readonly listRefusal: string;
  /** The refusal of IS NULL where a column always has a value. */
  readonly nullRefusal: (field: SearchField) => string;
  /** What may be ordered by: kinds, and attributes as they may be written → the one name. */
  readonly orderKinds: readonly SearchKind[];
  readonly orderAttributes: Readonly<Record<string, string>>;
}
