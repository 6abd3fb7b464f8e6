import { CodingQuery, type PredictCall, VersionNumber } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { type InputFault, InvalidInputError, parseInput } from '@gimbal/platform';

/** What a caller asks, before the model's signature is known. */
export interface Question {
  readonly modelName: string;
  readonly rows: readonly unknown[];
  /** What the path of a row's fault begins with; undefined when the body is the row. */
  readonly prefix: string | undefined;
  readonly version: number | undefined;
  readonly coding: string | undefined;
}

/** The model behind each route that names none. */
export type RouteModels = Readonly<Record<Exclude<PredictCall['route'], 'predictModel'>, string>>;

const KNOWN_FIELDS = new Set(['rows', 'version']);
const FIELDS_MAX = 50;

function parseBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new DomainError('malformed-json', 'The body cannot be read as JSON.');
  }
}

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

/** @throws InvalidInputError (`validation-failed`), DomainError `malformed-json` */
export function readQuestion(
  call: PredictCall,
  { routeModels, rowsMax }: { readonly routeModels: RouteModels; readonly rowsMax: number },
): Question {
  const { coding } = parseInput(CodingQuery, call.query);
  const body = parseBody(call.body);
  if (call.route !== 'predictModel')
    return { modelName: routeModels[call.route], rows: [body], prefix: undefined, version: undefined, coding };
  return { modelName: call.params['model'] ?? '', prefix: 'rows.', coding, ...readRowsBody(body, rowsMax) };
}
