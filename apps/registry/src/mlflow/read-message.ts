import type { MlflowRouteDefinition } from '@gimbal/contracts';
import type { z } from 'zod';
import { invalidParameter, MlflowError } from './mlflow-error.js';

const SEE_DOCS = 'See the API docs for more information about request parameters.';
/** Longer values are not repeated in an error. */
const SHOWN_MAX = 100;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The members of a JSON body; without a body there are none. @throws MlflowError when it is not a JSON object */
export function readJsonObject(bytes: Buffer): object {
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    // The parser's own message quotes the text.
    throw new MlflowError('BAD_REQUEST', 'The body cannot be read as JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParameter(`The body must be a JSON object. ${SEE_DOCS}`);
  return value;
}

/** Reads a call's message. @throws MlflowError in MLflow's words, naming the first parameter that is missing or wrong */
export function readMessage<R extends Pick<MlflowRouteDefinition, 'request'>>(
  route: R,
  members: object,
): z.output<R['request']> {
  const parsed = route.request.safeParse(members, { reportInput: true });
  if (parsed.success) return parsed.data as z.output<R['request']>; // of this route's schema
  const [issue] = parsed.error.issues;
  throw invalidParameter(`${issue ? describeIssue(issue) : 'The request is not valid.'} ${SEE_DOCS}`);
}

function describeIssue({ path, message, input }: z.core.$ZodIssue): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const parameter = name.slice(name.startsWith('.') ? 1 : 0);
  if (input === undefined || input === null || input === '')
    return `Missing value for required parameter '${parameter}'.`;
  return `Invalid value ${show(input)} for parameter '${parameter}' supplied: ${message}.`;
}

/** A value as JSON; what is long, or nested, is only named. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'of a list';
  if (typeof value === 'object') return 'of an object';
  const json = JSON.stringify(value) ?? typeof value;
  return json.length > SHOWN_MAX ? `${json.slice(0, SHOWN_MAX)}…` : json;
}
