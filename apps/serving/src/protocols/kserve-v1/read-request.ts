import { EXPLAINED_ROWS_MAX } from '@gimbal/contracts';
import { isObject, refuse } from '../refuse.js';
import { type Table, tableOfColumns, tableOfInstances } from '../tables/table.js';

/** `signature_name` comes from clients of TensorFlow Serving, whose models have several; here there is one, whatever its name. */
const KNOWN = ['instances', 'inputs', 'parameters', 'signature_name'];

interface V1Request {
  readonly table: Table;
  readonly rowCount: number;
  readonly parameters: unknown;
}

/**
 * `{instances}`, row by row, or `{inputs}`, column by column, as TensorFlow Serving has them.
 * @throws InvalidInputError
 */
export function readPredictRequest(body: unknown, rowsMax: number): V1Request {
  if (!isObject(body)) return refuse('', 'The body must be an object with instances.');
  const unknown = Object.keys(body).find((field) => !KNOWN.includes(field));
  if (unknown !== undefined) refuse(unknown.slice(0, 100), 'is not a known field');
  const { instances, inputs, parameters } = body;
  if ((instances === undefined) === (inputs === undefined))
    return refuse('', 'The body must have either instances or inputs.');
  const table =
    instances === undefined && isObject(inputs)
      ? tableOfColumns(inputs, rowsMax, 'inputs')
      : tableOfInstances(instances ?? inputs, rowsMax, instances === undefined ? 'inputs' : 'instances');
  return { table, rowCount: 'rows' in table ? table.rows.length : table.records.length, parameters };
}

const TOP_MAX = 2_000;

/** `parameters.top`: how many contributions to show of each row, the largest; all without it. */
export function readExplainRequest(
  body: unknown,
): Omit<V1Request, 'parameters'> & { readonly top: number | undefined } {
  const { parameters = {}, ...request } = readPredictRequest(body, EXPLAINED_ROWS_MAX);
  if (!isObject(parameters)) return refuse('parameters', 'must be an object');
  const { top, ...others } = parameters;
  const [other] = Object.keys(others);
  if (other !== undefined) refuse(`parameters.${other.slice(0, 100)}`, 'is not known; top is');
  if (top === undefined) return { ...request, top };
  if (!Number.isInteger(top) || Number(top) < 1 || Number(top) > TOP_MAX)
    return refuse('parameters.top', `must be a whole number of 1 to ${TOP_MAX}`);
  return { ...request, top: Number(top) };
}
