import { readValue, type WrittenValue } from './read-value.js';
import { listed, refuseSearch, shown } from './refuse-search.js';
import { resolveField, ruleOf } from './resolve-field.js';
import type { ColumnRule, SearchCondition, SearchField, SearchSpace } from './search-space.js';
import { type Token, tokenize } from './tokenize.js';

/** Conditions of one filter. */
const CONDITIONS_MAX = 100;

/**
 * Reads a filter in the language of MLflow's searches. Pure.
 *
 *     filter     = [ comparison { AND comparison } ]
 *     comparison = column ( operator value | [ NOT ] IN list | IS [ NOT ] NULL )
 *     list       = "(" [ text { "," text } [ "," ] ] ")"
 *
 * Keywords are read in any case; there is no OR, and there are no groups, as in MLflow. The grammar does not nest, so no input is deep.
 *
 * @throws DomainError `validation-failed` in MLflow's words
 */
export function parseFilter(space: SearchSpace, filter: string): readonly SearchCondition[] {
  return filter === '' ? [] : new FilterParser(space, filter).parse();
}

class FilterParser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(
    private readonly space: SearchSpace,
    private readonly filter: string,
  ) {
    this.tokens = tokenize(filter);
  }

  parse(): readonly SearchCondition[] {
    if (this.peek().kind === 'end') throw refuseSearch(`Invalid filter '${shown(this.filter)}'. Could not be parsed.`);
    const conditions = [this.comparison()];
    while (this.takeKeyword('AND')) {
      if (conditions.length === CONDITIONS_MAX) throw refuseSearch(`A filter may have ${CONDITIONS_MAX} conditions.`);
      conditions.push(this.comparison());
    }
    if (this.peek().kind !== 'end') throw this.invalidClause();
    return conditions;
  }

  private comparison(): SearchCondition {
    const field = resolveField(this.space, this.column(), this.space.attributes);
    const rule = ruleOf(this.space, field);
    if (this.takeKeyword('IS')) return this.nullTest(field, rule);
    const operator = this.operator();
    const value = readValue(this.space, field, rule, this.value());
    const isFitting = (operator === 'IN' || operator === 'NOT IN') === Array.isArray(value);
    if (!isFitting || !(rule.operators as readonly string[]).includes(operator)) {
      throw refuseSearch(`Invalid comparator '${shown(operator)}' not one of '{${listed(rule.operators)}}'`);
    }
    return { ...field, operator, value } as SearchCondition; // the rule has just said that they fit
  }

  private nullTest(field: SearchField, { operators }: ColumnRule): SearchCondition {
    const operator = this.takeKeyword('NOT') ? 'IS NOT NULL' : 'IS NULL';
    if (!this.takeKeyword('NULL')) throw this.invalidClause();
    if (!operators.includes(operator)) throw refuseSearch(this.space.nullRefusal({ ...field, key: shown(field.key) }));
    return { ...field, operator, value: null };
  }

  /** A column may be a bare name in double quotes, too. */
  private column(): { readonly prefix: string | null; readonly key: string } {
    const token = this.take();
    if (token.kind === 'name') return token;
    if (token.kind === 'text' && token.raw.startsWith('"')) return { prefix: null, key: token.value };
    if (token.kind === 'end') throw refuseSearch(`Invalid clause(s) in filter string: '${shown(this.filter)}'`);
    throw refuseSearch(`Invalid comparison clause. Expected 'Identifier' found '${shown(token.raw)}'`);
  }

  /** Whatever was written for one; whether the column takes it is asked after its value, as MLflow does. */
  private operator(): string {
    const { kind, raw } = this.take();
    if (kind === 'operator') return raw;
    if (kind === 'name' && ['LIKE', 'ILIKE', 'IN'].includes(raw.toUpperCase())) return raw.toUpperCase();
    const next = this.peek();
    if (kind === 'name' && raw.toUpperCase() === 'NOT' && next.kind === 'name') {
      this.at += 1;
      return `NOT ${next.raw.toUpperCase()}`;
    }
    this.at -= 1;
    throw this.invalidClause();
  }

  private value(): WrittenValue {
    const one = this.take();
    if (one.raw !== '(' && one.kind !== 'end' && one.kind !== 'mark' && one.kind !== 'operator') {
      return { one, raw: one.raw };
    }
    if (one.raw !== '(') {
      this.at -= 1;
      throw this.invalidClause();
    }
    const items: Token[] = [];
    while (!this.takeMark(')')) {
      const item = this.take();
      if (item.kind === 'end' || item.kind === 'mark' || item.kind === 'operator') throw illFormedList();
      items.push(item);
      if (!this.takeMark(',') && this.peek().raw !== ')') throw illFormedList();
    }
    return { items, raw: `(${items.map(({ raw }) => raw).join(', ')})` };
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', raw: '' };
  }

  private take(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  private takeKeyword(keyword: string): boolean {
    const { kind, raw } = this.peek();
    const isThere = kind === 'name' && raw.toUpperCase() === keyword;
    if (isThere) this.at += 1;
    return isThere;
  }

  private takeMark(mark: string): boolean {
    const { kind, raw } = this.peek();
    const isThere = kind === 'mark' && raw === mark;
    if (isThere) this.at += 1;
    return isThere;
  }

  private invalidClause(): Error {
    return refuseSearch(`Invalid clause(s) in filter string: '${shown(this.peek().raw || this.filter)}'`);
  }
}

const illFormedList = (): Error =>
  refuseSearch(
    'While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.',
  );
