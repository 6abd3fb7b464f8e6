import { listed } from './refuse-search.js';
import type { ColumnRule, SearchKind, SearchOperator, SearchSpace } from './search-space.js';

const NUMERIC: readonly SearchOperator[] = ['=', '!=', '>', '>=', '<', '<='];
const TEXTUAL: readonly SearchOperator[] = ['=', '!=', 'LIKE', 'ILIKE'];
const LISTS: readonly SearchOperator[] = ['IN', 'NOT IN'];

const number: ColumnRule = { values: 'number', operators: NUMERIC };
const integer: ColumnRule = { values: 'integer', operators: NUMERIC };
const text: ColumnRule = { values: 'text', operators: TEXTUAL };
const textOrList: ColumnRule = { values: 'text', operators: [...TEXTUAL, ...LISTS] };
const textOrNull: ColumnRule = { values: 'text', operators: [...TEXTUAL, 'IS NULL', 'IS NOT NULL'] };

const same = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

const onlyLists = (names: readonly string[]): string =>
  `Only [${listed(names)}] attributes support comparison with a list of quoted string values.`;

/** Of everything but runs and logged models. */
const TAGGED_PREFIXES: Readonly<Record<string, SearchKind>> = { attribute: 'attribute', tag: 'tag', tags: 'tag' };
const taggedRefusal = (prefix: string): string =>
  `Invalid entity type '${prefix}'. Valid entity types are (${listed(Object.keys(TAGGED_PREFIXES))})`;
const noNulls = (): string => 'IS NULL / IS NOT NULL is not supported here';

const RUN_ATTRIBUTES = same('run_id', 'run_name', 'user_id', 'status', 'artifact_uri', 'start_time', 'end_time');
const STARTED = { created: 'start_time', Created: 'start_time' };
const RUN_KINDS: readonly SearchKind[] = ['metric', 'parameter', 'tag', 'attribute', 'dataset'];

export const RUN_SEARCH: SearchSpace = {
  prefixes: {
    metric: 'metric',
    metrics: 'metric',
    parameter: 'parameter',
    parameters: 'parameter',
    param: 'parameter',
    params: 'parameter',
    tag: 'tag',
    tags: 'tag',
    attribute: 'attribute',
    attributes: 'attribute',
    attr: 'attribute',
    run: 'attribute',
    dataset: 'dataset',
    datasets: 'dataset',
  },
  prefixRefusal: (prefix) => `Invalid entity type '${prefix}'. Valid values are [${listed(RUN_KINDS)}]`,
  attributes: { ...RUN_ATTRIBUTES, ...STARTED, 'run name': 'run_name', 'Run name': 'run_name', 'Run Name': 'run_name' },
  attributeRules: {
    run_id: textOrList,
    run_name: text,
    user_id: text,
    status: text,
    artifact_uri: text,
    start_time: number,
    end_time: number,
  },
  rules: { metric: number, parameter: textOrNull, tag: textOrNull, dataset: textOrList },
  listRefusal: onlyLists(['run_id']),
  nullRefusal: ({ kind, key }) =>
    `IS NULL / IS NOT NULL is only supported for tags and params, not for '${kind}' '${key}'`,
  orderKinds: ['attribute', 'metric', 'parameter', 'tag'],
  orderAttributes: { ...RUN_ATTRIBUTES, ...STARTED },
};

export const EXPERIMENT_SEARCH: SearchSpace = {
  prefixes: TAGGED_PREFIXES,
  prefixRefusal: taggedRefusal,
  attributes: same('name', 'experiment_id', 'creation_time', 'last_update_time'),
  attributeRules: {
    name: text,
    experiment_id: { values: 'text', operators: ['=', '!=', ...LISTS] },
    creation_time: integer,
    last_update_time: integer,
  },
  rules: { tag: textOrNull },
  listRefusal: onlyLists(['experiment_id']),
  nullRefusal: ({ key }) => `IS NULL / IS NOT NULL is only supported for tags, not for attribute '${key}'`,
  orderKinds: ['attribute'],
  orderAttributes: same('name', 'experiment_id', 'creation_time', 'last_update_time'),
};

export const REGISTERED_MODEL_SEARCH: SearchSpace = {
  prefixes: TAGGED_PREFIXES,
  prefixRefusal: taggedRefusal,
  attributes: same('name'),
  attributeRules: { name: textOrList },
  rules: { tag: text },
  listRefusal: onlyLists(['name']),
  nullRefusal: noNulls,
  orderKinds: ['attribute'],
  orderAttributes: {
    name: 'name',
    timestamp: 'last_updated_timestamp',
    last_updated_timestamp: 'last_updated_timestamp',
  },
};

export const MODEL_VERSION_SEARCH: SearchSpace = {
  prefixes: TAGGED_PREFIXES,
  prefixRefusal: taggedRefusal,
  attributes: same('name', 'version_number', 'run_id', 'source_path'),
  attributeRules: {
    name: textOrList,
    run_id: textOrList,
    source_path: text,
    version_number: { values: 'quoted-integer', operators: NUMERIC },
  },
  rules: { tag: text },
  listRefusal: onlyLists(['name', 'run_id']),
  nullRefusal: noNulls,
  orderKinds: ['attribute'],
  orderAttributes: same('name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'),
};

const LOGGED_MODEL_ATTRIBUTES = {
  ...same('name', 'model_id', 'model_type', 'status', 'source_run_id', 'creation_timestamp', 'last_updated_timestamp'),
  creation_time: 'creation_timestamp',
  last_updated_time: 'last_updated_timestamp',
};
const LOGGED_MODEL_PREFIXES = { attributes: 'attribute', metrics: 'metric', params: 'parameter', tags: 'tag' } as const;

export const LOGGED_MODEL_SEARCH: SearchSpace = {
  prefixes: LOGGED_MODEL_PREFIXES,
  prefixRefusal: (prefix) =>
    `Invalid entity type: '${prefix}'. Expected one of [${listed(Object.keys(LOGGED_MODEL_PREFIXES))}].`,
  attributes: LOGGED_MODEL_ATTRIBUTES,
  attributeRules: {
    name: textOrList,
    model_id: textOrList,
    model_type: textOrList,
    status: textOrList,
    source_run_id: textOrList,
    creation_timestamp: number,
    last_updated_timestamp: number,
  },
  rules: { metric: number, parameter: textOrList, tag: textOrList },
  listRefusal: noNulls(),
  nullRefusal: noNulls,
  orderKinds: ['attribute', 'metric'],
  orderAttributes: LOGGED_MODEL_ATTRIBUTES,
};
