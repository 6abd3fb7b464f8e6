import { refuseSearch, shown } from './refuse-search.js';

/** Characters of a filter or an order clause. */
const LENGTH_MAX = 65_536;

/**
 * A piece of a filter. `raw` is how it was written.
 *
 * A `name` is a column: `metrics.loss`, ``params.`learning rate` ``, or a bare word, which may turn out to be a keyword. A `text` is quoted by
 * single or double quotes; what is between them is taken as it is, as MLflow does: `''` stays two quotes, a backslash is a backslash.
 */
export type Token =
  | { readonly kind: 'name'; readonly raw: string; readonly prefix: string | null; readonly key: string }
  | { readonly kind: 'text'; readonly raw: string; readonly value: string }
  | { readonly kind: 'number'; readonly raw: string; readonly value: number }
  | { readonly kind: 'operator' | 'mark' | 'end'; readonly raw: string };

const WORD = String.raw`[\p{L}_][\p{L}\p{N}_$#@]*`;
const PART = String.raw`[\p{L}\p{N}_$#@]+`;
const PREFIXED = new RegExp(
  `(?:(${WORD})|\`([^\`]*)\`)\\.(?:\`([^\`]*)\`|"([^"]*)"|'([^']*)'|(${PART}(?:\\.${PART})*))`,
  'uy',
);
const BARE = new RegExp(`(${WORD})|\`([^\`]*)\``, 'uy');
const TEXT = /'(?:''|[^'])*'|"(?:""|[^"])*"/uy;
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\p{L}\p{N}_.])/iuy;
const OPERATOR = /[<>=!~]+/uy;
const MARK = /[(),]/uy;
const SPACE = /\s*/uy;

type Reader = readonly [pattern: RegExp, make: (match: RegExpExecArray) => Token];

const firstOf = (parts: readonly (string | undefined)[]): string => parts.find((part) => part !== undefined) ?? '';

/** In the order in which they are tried. */
const READERS: readonly Reader[] = [
  [
    PREFIXED,
    ([raw, word, quoted, ...key]) => ({ kind: 'name', raw, prefix: firstOf([word, quoted]), key: firstOf(key) }),
  ],
  [BARE, ([raw, ...key]) => ({ kind: 'name', raw, prefix: null, key: firstOf(key) })],
  [NUMBER, ([raw]) => ({ kind: 'number', raw, value: Number(raw) + 0 })], // -0 is 0
  [TEXT, ([raw]) => ({ kind: 'text', raw, value: raw.slice(1, -1) })],
  [OPERATOR, ([raw]) => ({ kind: 'operator', raw })],
  [MARK, ([raw]) => ({ kind: 'mark', raw })],
];

/**
 * Cuts a filter or an order clause into tokens; the last one is the end.
 * @throws DomainError `validation-failed` for what is no token, and for text that is too long or that no database can hold
 */
export function tokenize(source: string): readonly Token[] {
  if (source.length > LENGTH_MAX)
    throw refuseSearch(`A search may have ${LENGTH_MAX} characters, not ${source.length}.`);
  if (source.includes('\0') || !source.isWellFormed()) {
    throw refuseSearch('A search must not contain NUL or half of a surrogate pair.');
  }
  const tokens: Token[] = [];
  for (let at = skipSpace(source, 0); at < source.length; ) {
    const token = readToken(source, at);
    tokens.push(token);
    at = skipSpace(source, at + token.raw.length);
  }
  return [...tokens, { kind: 'end', raw: '' }];
}

function skipSpace(source: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(source)?.[0].length ?? 0);
}

function readToken(source: string, at: number): Token {
  for (const [pattern, make] of READERS) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) return make(match);
  }
  const rest = source.slice(at);
  if (rest.startsWith(';')) {
    throw refuseSearch(
      `Search filter contained multiple expression '${shown(source)}'. Provide AND-ed expression list.`,
    );
  }
  throw refuseSearch(`Invalid clause(s) in filter string: '${shown(rest)}'`);
}
