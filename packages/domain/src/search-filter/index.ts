export { parseFilter } from './parse-filter.js';
export { parseOrderBy } from './parse-order-by.js';
export { printFilter } from './print-filter.js';
export { refuseSearch } from './refuse-search.js';
export type { SearchCondition, SearchField, SearchOrder, SearchSpace } from './search-space.js';
export {
  EXPERIMENT_SEARCH,
  LOGGED_MODEL_SEARCH,
  MODEL_VERSION_SEARCH,
  REGISTERED_MODEL_SEARCH,
  RUN_SEARCH,
} from './search-spaces.js';
