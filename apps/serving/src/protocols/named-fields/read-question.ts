import {
  type PredictCall,
  PredictQuery,
  type PredictRoute,
  type QueryPair,
  type Task,
  VersionNumber,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { type InputFault, InvalidInputError, parseInput } from '@gimbal/platform';
import type { Question } from '../../predict/predict.service.js';
import type { ReadRows } from '../../predict/row-reader.js';
import type { ServedVersion } from '../../traffic/served-models.js';
import { parseJsonBody } from '../parse-json-body.js';

export type NamedFieldsRoute = Extract<
  PredictRoute,
  'predict' | 'predictIntent' | 'predictAnomaly' | 'predictModel' | 'predictModelStream'
>;
export type NamedFieldsCall = PredictCall & { readonly route: NamedFieldsRoute };

/** The model behind each route that names none. */
export type RouteModels = Readonly<Record<Exclude<NamedFieldsRoute, 'predictModel' | 'predictModelStream'>, string>>;

const KNOWN_FIELDS = new Set(['rows', 'version']);
const FIELDS_MAX = 50;

/** The same form as `PredictRows`; the rows themselves are read by the model's own reader, once. */
function readRowsBody(
  body: unknown,
  rowsMax: number,
): { readonly rows: readonly unknown[]; readonly version: number | undefined } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidInputError([{ path: '', message: 'must be an object with rows' }]);
  const { rows, version } = body as { readonly rows?: unknown; readonly version?: unknown }; // an object, as was just checked
  const faults: InputFault[] = Object.keys(body)
    .filter((field) => !KNOWN_FIELDS.has(field))
    .slice(0, FIELDS_MAX)
    .map((field) => ({ path: field.slice(0, 100), message: 'is not a known field' }));
  if (!Array.isArray(rows)) faults.push({ path: 'rows', message: 'must be a list of objects' });
  else if (rows.length === 0 || rows.length > rowsMax)
    faults.push({ path: 'rows', message: `must have 1 to ${rowsMax} rows` });
  const number = version === undefined ? undefined : VersionNumber.safeParse(version);
  if (number && !number.success) faults.push({ path: 'version', message: 'must be the number of a version' });
  if (faults.length > 0 || !Array.isArray(rows)) throw new InvalidInputError(faults);
  return { rows, version: number?.data };
}

const TASK_OF_ROUTE: Readonly<Partial<Record<NamedFieldsRoute, Task>>> = {
  predict: 'binary-classification',
  predictIntent: 'text-classification',
  predictAnomaly: 'anomaly-detection',
};

/** A short route promises an answer of one form; the model behind it must give such answers. */
function checkTask(route: NamedFieldsRoute, { modelName, planned }: ServedVersion): void {
  const wanted = TASK_OF_ROUTE[route];
  if (wanted === undefined || planned.signature.task === wanted) return;
  throw new DomainError(
    'task-mismatch',
    `${modelName} version ${planned.version} does ${planned.signature.task}, and this route answers ${wanted}; ask /api/v1/models/${modelName}/predict.`,
  );
}

/** `/predict/intent` calls the text `query`, whatever the column was called that the model learned from. */
function renameQuery(row: unknown, { planned }: ServedVersion): unknown {
  const column = planned.signature.inputs[0]?.name;
  if (column === undefined || column === 'query') return row;
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  const { query, ...rest } = row as { query?: unknown }; // an object, as was just checked
  return { ...rest, [column]: query };
}

/** A name that came several times has a list for its value. */
function toFields(query: readonly QueryPair[]): Record<string, string | readonly string[]> {
  const values = Map.groupBy(query, ([name]) => name);
  return Object.fromEntries(
    Array.from(values, ([name, pairs]) => [name, pairs[1] ? pairs.map(([, value]) => value) : (pairs[0]?.[1] ?? '')]),
  );
}

/** @throws InvalidInputError (`validation-failed`), DomainError `malformed-json`; the rows are looked at when they are read */
export function readQuestion(
  { route, params, query, body }: NamedFieldsCall,
  { routeModels, rowsMax }: { readonly routeModels: RouteModels; readonly rowsMax: number },
): Question {
  const { coding, receipt } = parseInput(PredictQuery, toFields(query));
  const withReceipts = receipt === 'true';
  const parsed = parseJsonBody(body);
  if (route === 'predictModel' || route === 'predictModelStream') {
    const { rows, version } = readRowsBody(parsed, rowsMax);
    return {
      modelName: params['model'] ?? '',
      version,
      withReceipts,
      rowsOf: (served): ReadRows => served.reader.read(rows, 'rows.', coding),
    };
  }
  return {
    modelName: routeModels[route],
    version: undefined,
    withReceipts,
    rowsOf: (served): ReadRows => {
      checkTask(route, served);
      const row = route === 'predictIntent' ? renameQuery(parsed, served) : parsed;
      return served.reader.read([row], undefined, coding);
    },
  };
}
