import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDomainError } from '../errors/domain-error.js';
import { parseFilter } from './parse-filter.js';
import { printFilter } from './print-filter.js';
import type { SearchCondition, SearchSpace } from './search-space.js';
import {
  EXPERIMENT_SEARCH,
  LOGGED_MODEL_SEARCH,
  MODEL_VERSION_SEARCH,
  REGISTERED_MODEL_SEARCH,
  RUN_SEARCH,
} from './search-spaces.js';

const SPACES = [RUN_SEARCH, EXPERIMENT_SEARCH, REGISTERED_MODEL_SEARCH, MODEL_VERSION_SEARCH, LOGGED_MODEL_SEARCH];

const condition = (kind: string, key: string, operator: string, value: unknown) => ({ kind, key, operator, value });
const refusalOf = (space: SearchSpace, filter: string): string => {
  try {
    parseFilter(space, filter);
  } catch (error) {
    if (isDomainError(error, 'validation-failed')) return error.detail;
    throw error;
  }
  throw new Error(`This was to be refused: ${filter}`);
};

// What MLflow 3.17.2 makes of these filters (`SearchUtils.parse_search_filter` and its kin), with our names of columns.
describe('runs', () => {
  it.each([
    ['metrics.a > 1', [condition('metric', 'a', '>', 1)]],
    ['metric.a.b.c < 3', [condition('metric', 'a.b.c', '<', 3)]],
    ['metrics.`a/b c` > -1.5e-3', [condition('metric', 'a/b c', '>', -0.0015)]],
    ['metrics."a/b" >= .5', [condition('metric', 'a/b', '>=', 0.5)]],
    ["metrics.'a' > 1", [condition('metric', 'a', '>', 1)]],
    ['`metrics`.a > 1', [condition('metric', 'a', '>', 1)]],
    ['metrics.1a >-1', [condition('metric', '1a', '>', -1)]],
    ['metrics.été > 1e400', [condition('metric', 'été', '>', Infinity)]],
    [
      'metrics.a>1 and params.b=\'x\' AND tags.mlflow.source.name != "y"',
      [
        condition('metric', 'a', '>', 1),
        condition('parameter', 'b', '=', 'x'),
        condition('tag', 'mlflow.source.name', '!=', 'y'),
      ],
    ],
    ["params.a = 'it''s'", [condition('parameter', 'a', '=', "it''s")]],
    [
      "params.path = 'C:\\' AND param.b = ''",
      [condition('parameter', 'path', '=', 'C:\\'), condition('parameter', 'b', '=', '')],
    ],
    ["parameters.` a` like '%x'", [condition('parameter', ' a', 'LIKE', '%x')]],
    ['params.a IS NULL', [condition('parameter', 'a', 'IS NULL', null)]],
    ['tag.a is not null', [condition('tag', 'a', 'IS NOT NULL', null)]],
    ['run_id in (\'a\',"b",)', [condition('attribute', 'run_id', 'IN', ['a', 'b'])]],
    ["attributes.run_id NOT IN ('a')", [condition('attribute', 'run_id', 'NOT IN', ['a'])]],
    ['status = "RUNNING"', [condition('attribute', 'status', '=', 'RUNNING')]],
    ['attr.Created > 5.5', [condition('attribute', 'start_time', '>', 5.5)]],
    ["`run name` = 'x'", [condition('attribute', 'run_name', '=', 'x')]],
    ['"Run name" ILIKE \'x\'', [condition('attribute', 'run_name', 'ILIKE', 'x')]],
    ["datasets.digest IN ('x','y')", [condition('dataset', 'digest', 'IN', ['x', 'y'])]],
    ['', []],
  ])('read %s', (filter, expected) => {
    expect(parseFilter(RUN_SEARCH, filter)).toEqual(expected);
  });

  it.each([
    ["metrics.a > 1 OR params.b = 'x'", "Invalid clause(s) in filter string: 'OR'"],
    ['(metrics.a > 1)', "Invalid comparison clause. Expected 'Identifier' found '('"],
    ['1 = 1', "Invalid comparison clause. Expected 'Identifier' found '1'"],
    ["metrics.a > '1'", "Expected numeric value type for metric. Found '1'"],
    ['metrics.a > nan', 'Expected numeric value type for metric. Found nan'],
    ['metrics.a == 1', "Invalid comparator '=='"],
    ['params.a = 1', "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1"],
    ['params.a = x', 'Parameter value is either not quoted or unidentified quote types used for string value x.'],
    ["params.a > 'x'", "Invalid comparator '>'"],
    ["params.a NOT LIKE 'x'", "Invalid comparator 'NOT LIKE'"],
    ["tags.a IN ('x')", "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('x')"],
    ['metrics.a IS NULL', "IS NULL / IS NOT NULL is only supported for tags and params, not for 'metric' 'a'"],
    ["run_name IN ('a')", "Only ['run_id'] attributes support comparison with a list of quoted string values."],
    ['run_id IN ()', 'expected a non-empty list of string values, but got empty list'],
    ['run_id IN (1, 2)', 'but got different type in list: (1, 2)'],
    ["run_id = ('a')", "Invalid comparator '='"],
    ["start_time > '5'", "Expected numeric value type for numeric attribute: start_time. Found '5'"],
    ["foo = 'x'", "Invalid attribute key 'foo' specified. Valid keys are '{"],
    ["constructor = 'x'", "Invalid attribute key 'constructor' specified."],
    ["toString.a = 'x'", "Invalid entity type 'toString'."],
    [
      'Metrics.a > 1',
      "Invalid entity type 'Metrics'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
    ],
    ["dataset.foo = 'x'", "Invalid dataset key 'foo' specified."],
    ['metrics.a > 1; drop table runs', 'Search filter contained multiple expression'],
    ["tags.a = 'x' -- c", "Invalid clause(s) in filter string: '-- c'"],
    ["params.a = 'unclosed", "Invalid clause(s) in filter string: ''unclosed'"],
    ['metrics.a', "Invalid clause(s) in filter string: 'metrics.a'"],
    ['metrics.a > 1 AND', 'Invalid clause(s) in filter string'],
    [' ', "Invalid filter ' '. Could not be parsed."],
    ["tags.a = '\0'", 'must not contain NUL'],
    [`tags.a = '${'x'.repeat(70_000)}'`, 'A search may have 65536 characters'],
    [Array(101).fill('metrics.a > 1').join(' AND '), 'A filter may have 100 conditions.'],
  ])('refuse %s', (filter, sentence) => {
    expect(refusalOf(RUN_SEARCH, filter)).toContain(sentence);
  });
});

describe('other entities', () => {
  it.each([
    [EXPERIMENT_SEARCH, "name LIKE 'x%' AND tags.a = 'b'", 2],
    [EXPERIMENT_SEARCH, "attribute.experiment_id IN ('1') AND creation_time > 5", 2],
    [EXPERIMENT_SEARCH, 'tags.a IS NULL', 1],
    [REGISTERED_MODEL_SEARCH, "name IN ('x', 'y') AND tag.`a b` ILIKE 'c'", 2],
    [MODEL_VERSION_SEARCH, "name = 'x' AND version_number >= 2 AND version_number != '3'", 3],
    [MODEL_VERSION_SEARCH, "run_id IN ('x') AND source_path LIKE 'y%' AND tags.a != 'b'", 3],
    [LOGGED_MODEL_SEARCH, "name = 'x' AND metrics.a > 1 AND params.b IN ('c') AND creation_time < 5", 4],
    [LOGGED_MODEL_SEARCH, "attributes.status = 'READY' and tags.a like 'b'", 2],
  ])('have their own columns', (space, filter, count) => {
    expect(parseFilter(space, filter)).toHaveLength(count);
  });

  it.each([
    [
      EXPERIMENT_SEARCH,
      "attributes.name = 'x'",
      "Invalid entity type 'attributes'. Valid entity types are ('attribute', 'tag', 'tags')",
    ],
    [EXPERIMENT_SEARCH, "name IN ('x')", "Only ['experiment_id'] attributes support comparison"],
    [EXPERIMENT_SEARCH, 'experiment_id = 1', 'Expected a quoted string value for attributes. Got value 1'],
    [EXPERIMENT_SEARCH, 'creation_time > 5.5', "Invalid value for numeric attribute 'creation_time': 5.5"],
    [EXPERIMENT_SEARCH, 'name IS NULL', "IS NULL / IS NOT NULL is only supported for tags, not for attribute 'name'"],
    [REGISTERED_MODEL_SEARCH, "run_id = 'x'", "Invalid attribute key 'run_id' specified. Valid keys are '{'name'}'"],
    [REGISTERED_MODEL_SEARCH, 'metrics.a > 1', "Invalid entity type 'metrics'."],
    [MODEL_VERSION_SEARCH, "source_path IN ('x')", "Only ['name', 'run_id'] attributes support comparison"],
    [MODEL_VERSION_SEARCH, 'version_number = 1.5', "Invalid value for numeric attribute 'version_number': 1.5"],
    [
      LOGGED_MODEL_SEARCH,
      'metric.a > 1',
      "Invalid entity type: 'metric'. Expected one of ['attributes', 'metrics', 'params', 'tags'].",
    ],
  ])('refuse what is not theirs', (space, filter, sentence) => {
    expect(refusalOf(space, filter)).toContain(sentence);
  });
});

// Filters come from anybody: whatever is sent is read or refused.
const NOISE = [
  'metrics',
  '.',
  'a',
  '`',
  '"',
  "'",
  '(',
  ')',
  ',',
  ' ',
  'IN',
  'NOT',
  'IS',
  'NULL',
  'AND',
  'OR',
  '=',
  '!',
  '>',
  '1',
  '-',
  '\\',
  '\0',
  ';',
  '--',
  'é',
  '\ud800',
];

describe('any text', () => {
  it('is read or refused, never a crash', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...NOISE)).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...SPACES), text, (space, filter) => {
        try {
          parseFilter(space, filter);
        } catch (error) {
          if (!isDomainError(error, 'validation-failed')) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes time that grows with its length, not faster', () => {
    for (const part of ["'", '"', '`', 'a.', '1', '(', "''", 'a ', '-', '=']) {
      expect(() => parseFilter(RUN_SEARCH, part.repeat(65_536 / part.length))).toThrow();
    }
  });
});

const storable = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => !text.includes('\0') && text.isWellFormed());
const key = storable.filter((text) => !['`', '"', "'"].every((quote) => text.includes(quote)));
const value = storable.map((text) => text.replaceAll("'", "''"));
const number = fc.double({ noNaN: true }).map((given) => given + 0);
const textual = fc.oneof(
  fc.record({ operator: fc.constantFrom('=', '!=', 'LIKE', 'ILIKE'), value }),
  fc.record({ operator: fc.constantFrom('IS NULL', 'IS NOT NULL'), value: fc.constant(null) }),
);
const numeric = fc.record({ operator: fc.constantFrom('=', '!=', '>', '>=', '<', '<='), value: number });
const lists = fc.record({
  operator: fc.constantFrom('IN', 'NOT IN'),
  value: fc.array(value, { minLength: 1, maxLength: 4 }),
});
const conditions = fc.oneof(
  fc.tuple(fc.record({ kind: fc.constantFrom('parameter', 'tag'), key }), textual),
  fc.tuple(fc.record({ kind: fc.constant('metric'), key }), numeric),
  fc.tuple(fc.constantFrom({ kind: 'attribute', key: 'run_id' }, { kind: 'dataset', key: 'context' }), lists),
  fc.tuple(fc.constantFrom({ kind: 'attribute', key: 'start_time' }), numeric),
);

describe('a printed filter', () => {
  it('is read as what it was printed from', () => {
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 5 }), (parts) => {
        const given = parts.map(([field, test]) => ({ ...field, ...test }) as SearchCondition);
        expect(parseFilter(RUN_SEARCH, printFilter(given))).toEqual(given);
      }),
    );
  });

  it('is one for filters that ask the same', () => {
    const print = (filter: string) => printFilter(parseFilter(RUN_SEARCH, filter));
    expect(print("metric.a>1.0 and run_id IN ('x')")).toBe(print('metrics.`a` > 1 AND attributes.run_id in ("x",)'));
  });
});
