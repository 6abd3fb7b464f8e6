import { expect, it } from '@jest/globals';
import { parseOrderBy } from './parse-order-by.js';
import type { SearchSpace } from './search-space.js';
import { EXPERIMENT_SEARCH, MODEL_VERSION_SEARCH, REGISTERED_MODEL_SEARCH, RUN_SEARCH } from './search-spaces.js';

// As MLflow 3.17.2 reads them (`parse_order_by_for_search_runs` and its kin).
it.each<[SearchSpace, string, [string, string, string]]>([
  [RUN_SEARCH, 'metrics.a DESC', ['metric', 'a', 'desc']],
  [RUN_SEARCH, 'metrics.`a b` desc', ['metric', 'a b', 'desc']],
  [RUN_SEARCH, 'params."a b"', ['parameter', 'a b', 'asc']],
  [RUN_SEARCH, "metric.'x' ASC", ['metric', 'x', 'asc']],
  [RUN_SEARCH, 'metrics.DESC', ['metric', 'DESC', 'asc']],
  [RUN_SEARCH, 'attribute.start_time ASC', ['attribute', 'start_time', 'asc']],
  [RUN_SEARCH, 'Created', ['attribute', 'start_time', 'asc']],
  [RUN_SEARCH, 'tags.x.y ASC', ['tag', 'x.y', 'asc']],
  [EXPERIMENT_SEARCH, 'name', ['attribute', 'name', 'asc']],
  [REGISTERED_MODEL_SEARCH, 'timestamp DESC', ['attribute', 'last_updated_timestamp', 'desc']],
  [MODEL_VERSION_SEARCH, 'version_number DESC', ['attribute', 'version_number', 'desc']],
])('reads a clause', (space, clause, [kind, key, direction]) => {
  expect(parseOrderBy(space, [clause])).toEqual([{ kind, key, direction }]);
});

it.each<[SearchSpace, string, string]>([
  [RUN_SEARCH, 'metrics.a foo', "Invalid ordering key in order_by clause 'metrics.a foo'."],
  [RUN_SEARCH, 'metrics.a DESC foo', "Invalid order_by clause 'metrics.a DESC foo'. Could not be parsed."],
  [RUN_SEARCH, '', "Invalid order_by clause ''. Could not be parsed."],
  [RUN_SEARCH, 'run name', "Invalid ordering key in order_by clause 'run name'."],
  [RUN_SEARCH, '`run name`', "Invalid attribute key 'run name' specified."],
  [RUN_SEARCH, 'lifecycle_stage', "Invalid attribute key 'lifecycle_stage' specified."],
  [RUN_SEARCH, 'dataset.name', 'Invalid order_by entity: dataset'],
  [EXPERIMENT_SEARCH, 'tags.x', 'Invalid order_by entity: tag'],
  [EXPERIMENT_SEARCH, 'metrics.a', "Invalid entity type 'metrics'."],
])('refuses what is none', (space, clause, sentence) => {
  expect(() => parseOrderBy(space, [clause])).toThrow(sentence);
});

it('refuses a column that comes twice, and too many', () => {
  expect(() => parseOrderBy(RUN_SEARCH, ['Created', 'start_time DESC'])).toThrow('contains duplicate fields');
  expect(() =>
    parseOrderBy(
      RUN_SEARCH,
      Array.from({ length: 21 }, (_, at) => `metrics.m${at}`),
    ),
  ).toThrow('20 clauses');
});
