import { refuseSearch, shown } from './refuse-search.js';
import { resolveField } from './resolve-field.js';
import type { SearchOrder, SearchSpace } from './search-space.js';
import { tokenize } from './tokenize.js';

/** Clauses of one order. */
const CLAUSES_MAX = 20;

/**
 * Reads the clauses that a search is ordered by, such as `metrics.loss DESC`; without a direction they ascend. Pure.
 * @throws DomainError `validation-failed` in MLflow's words, also for a column that comes twice
 */
export function parseOrderBy(space: SearchSpace, clauses: readonly string[]): readonly SearchOrder[] {
  if (clauses.length > CLAUSES_MAX) throw refuseSearch(`A search is ordered by ${CLAUSES_MAX} clauses at most.`);
  const orders = clauses.map((clause) => parseClause(space, clause));
  const columns = new Set(orders.map(({ kind, key }) => `${kind}.${key}`));
  if (columns.size < orders.length) {
    throw refuseSearch(`\`order_by\` contains duplicate fields: ${shown(clauses.join(', '))}`);
  }
  return orders;
}

function parseClause(space: SearchSpace, clause: string): SearchOrder {
  const [name, direction, end] = tokenize(clause);
  const column = name?.kind === 'text' && name.raw.startsWith('"') ? { prefix: null, key: name.value } : name;
  if (!column || !('key' in column) || (direction?.kind !== 'end' && end?.kind !== 'end')) {
    throw refuseSearch(`Invalid order_by clause '${shown(clause)}'. Could not be parsed.`);
  }
  const word = direction?.raw.toLowerCase() || 'asc';
  if (word !== 'asc' && word !== 'desc') {
    throw refuseSearch(`Invalid ordering key in order_by clause '${shown(clause)}'.`);
  }
  const field = resolveField(space, column, space.orderAttributes);
  if (!space.orderKinds.includes(field.kind)) throw refuseSearch(`Invalid order_by entity: ${field.kind}`);
  return { ...field, direction: word };
}
