import { listed, refuseSearch, shown } from './refuse-search.js';
import type { ColumnRule, SearchField, SearchSpace } from './search-space.js';

const DATASET_KEYS = ['name', 'digest', 'context'];

/**
 * The column that a name means.
 *
 * @param attributes how attributes may be written there
 * @throws DomainError `validation-failed` for a word before the dot that means nothing, and for an attribute that there is not
 */
export function resolveField(
  space: SearchSpace,
  { prefix, key }: { readonly prefix: string | null; readonly key: string },
  attributes: Readonly<Record<string, string>>,
): SearchField {
  const kind = prefix === null ? 'attribute' : own(space.prefixes, prefix);
  if (kind === undefined) throw refuseSearch(space.prefixRefusal(shown(prefix ?? '')));
  if (kind === 'attribute') {
    const name = own(attributes, key);
    if (name === undefined) {
      throw refuseSearch(
        `Invalid attribute key '${shown(key)}' specified. Valid keys are '{${listed(Object.keys(attributes))}}'`,
      );
    }
    return { kind, key: name };
  }
  if (kind === 'dataset' && !DATASET_KEYS.includes(key)) {
    throw refuseSearch(`Invalid dataset key '${shown(key)}' specified. Valid keys are '{${listed(DATASET_KEYS)}}'`);
  }
  return { kind, key };
}

/** @throws DomainError `validation-failed` for a column that nothing may be asked of */
export function ruleOf(space: SearchSpace, { kind, key }: SearchField): ColumnRule {
  const rule = kind === 'attribute' ? own(space.attributeRules, key) : space.rules[kind];
  if (!rule) throw refuseSearch(`Invalid search expression type '${kind}'`);
  return rule;
}

/** Names come from callers: `constructor` is none of ours. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
