import type { ModelSignature } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { isObject, refuse } from '../refuse.js';
import { type PredictionMethod, readMethod } from '../tables/prediction-method.js';
import { type Table, tableOfColumns, tableOfInstances, tableOfSplit } from '../tables/table.js';
import { openCsvReader } from '../tables/table-of-csv.js';
import { parsePythonJson } from './parse-python-json.js';

/** What was sent, as far as it can be read without the model. */
export interface Invocation {
  readonly method: PredictionMethod;
  /** @throws InvalidInputError */
  readonly tableFor: (signature: ModelSignature) => Table;
}

const FORMS: Readonly<Record<string, (data: unknown, rowsMax: number, path: string) => Table>> = {
  dataframe_split: tableOfSplit,
  dataframe_records: tableOfInstances,
  instances: tableOfInstances,
  inputs: (data, rowsMax, path) =>
    isObject(data) ? tableOfColumns(data, rowsMax, path) : tableOfInstances(data, rowsMax, path),
};
const FORM_NAMES = Object.keys(FORMS);

/** Fields beside the data and `params` are left alone, as MLflow's own server does. */
function readJson(body: Uint8Array, rowsMax: number): Invocation {
  const parsed = parsePythonJson(body);
  const given = isObject(parsed) ? FORM_NAMES.filter((name) => Object.hasOwn(parsed, name)) : [];
  const [form = '', another] = given;
  const read = FORMS[form];
  if (!isObject(parsed) || !read || another !== undefined)
    return refuse('', `The body must be an object with exactly one of ${FORM_NAMES.join(', ')}.`);
  const method = readMethod(parsed['params'], 'params');
  const table = read(parsed[form], rowsMax, form);
  return { method, tableFor: () => table };
}

/** @throws DomainError `unsupported-media-type` for what MLflow refuses, too: another type, charset or parameter */
function readMediaType(contentType: string): string {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  for (const parameter of parameters.filter(Boolean)) {
    const [name = '', value = ''] = parameter.split('=', 2).map((part) => part.trim().toLowerCase());
    if (name !== 'charset')
      throw new DomainError(
        'unsupported-media-type',
        `A content type has no parameter but charset; which form the data have is said by the field that holds them: ${FORM_NAMES.join(', ')}.`,
      );
    if (value.replaceAll('"', '') !== 'utf-8')
      throw new DomainError('unsupported-media-type', 'Only the charset UTF-8 is read.');
  }
  return type.toLowerCase();
}

/**
 * Reads the body of `invocations`: JSON in one of MLflow's four forms, or CSV.
 * @param contentType undefined: JSON
 * @throws InvalidInputError, DomainError `malformed-json`, `unsupported-media-type`
 */
export async function openInvocation(
  contentType = 'application/json',
): Promise<(body: Uint8Array, rowsMax: number) => Invocation> {
  const type = readMediaType(contentType);
  if (type === 'application/json') return readJson;
  if (type !== 'text/csv') throw new DomainError('unsupported-media-type', 'Send application/json or text/csv.');
  const toTable = await openCsvReader();
  return (body, rowsMax) => ({ method: 'predict', tableFor: (signature) => toTable(body, signature, rowsMax) });
}
