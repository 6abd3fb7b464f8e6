import { posix } from 'node:path';
import { invalidParameter, type MlflowError } from '../mlflow-error.js';

/** As long as MLflow's own tables take. */
const NAME_MAX = 256;
const ALIAS_MAX = 255;
const TAG_KEY_MAX = 250;
const TAG_VALUE_MAX = 100_000;
const DESCRIPTION_MAX = 5_000;

/** Control characters, and those that turn the direction of writing so that a name looks like another. */
const INVISIBLE = /[\p{Cc}\p{Bidi_Control}]/u;
const ALIAS = /^[\p{L}\p{N}_-]*$/u;
const TAG_KEY = /^[/\p{L}\p{N}_.\- :]*$/u;

const tooLong = (what: string, limit: number): MlflowError =>
  invalidParameter(`'${what}' exceeds the maximum length of ${limit} characters`);

/** Every layer of percent-encoding off; who reads a name behind us may decode once more than we do. */
export function decodeFully(text: string): string {
  let decoded = text;
  for (let coded = ''; decoded !== coded; ) {
    coded = decoded;
    decoded = coded.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  return decoded;
}

/**
 * The name of a model, old or new. MLflow allows nearly everything; what could be taken for a path, or for another name, is refused.
 * @throws MlflowError in MLflow's words
 */
export function checkModelName(name: string): string {
  if (name.trim() === '') throw invalidParameter("Missing value for required parameter 'name'.");
  const shown = name.slice(0, NAME_MAX);
  if (name.length > NAME_MAX) throw tooLong('name', NAME_MAX);
  const decoded = decodeFully(name);
  if (/[/:]/.test(decoded)) throw invalidParameter(`Invalid model name '${shown}'. Names cannot contain '/' or ':'.`);
  const path = posix.normalize(decoded);
  if (path !== decoded || path === '.' || path.startsWith('..'))
    throw invalidParameter(
      `Invalid value ${JSON.stringify(shown)} for parameter 'name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${path}'`,
    );
  if (INVISIBLE.test(decoded))
    throw invalidParameter(`Invalid model name ${JSON.stringify(shown)}. Names cannot contain invisible characters.`);
  return name;
}

/** A name of a version. @throws MlflowError in MLflow's words */
export function checkAlias(alias: string): string {
  if (!ALIAS.test(alias))
    throw invalidParameter(
      `Invalid alias name: '${alias.slice(0, ALIAS_MAX)}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  if (alias.length > ALIAS_MAX) throw tooLong('Registered model alias name', ALIAS_MAX);
  return alias;
}

/** The same for one that is to be set: some stand for something else. @throws MlflowError in MLflow's words */
export function checkNewAlias(alias: string): string {
  checkAlias(alias);
  if (alias.toLowerCase() === 'latest') throw invalidParameter("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw invalidParameter(`Version alias name '${alias}' is reserved.`);
  return alias;
}

/** @throws MlflowError in MLflow's words */
export function checkTagKey(key: string): string {
  const path = posix.normalize(key);
  const isPath = path !== key || path === '.' || path.startsWith('..') || path.startsWith('/');
  if (!TAG_KEY.test(key))
    throw invalidParameter(
      `Invalid value ${JSON.stringify(key.slice(0, TAG_KEY_MAX))} for parameter 'key' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`,
    );
  if (isPath)
    throw invalidParameter(
      `Invalid value ${JSON.stringify(key.slice(0, TAG_KEY_MAX))} for parameter 'key' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${path}'`,
    );
  if (key.length > TAG_KEY_MAX) throw tooLong('key', TAG_KEY_MAX);
  return key;
}

/** Tags by key; of a key that comes twice, the last counts. @throws MlflowError in MLflow's words */
export function readTags(
  tags: readonly { readonly key: string; readonly value?: string | undefined }[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ key, value = '' }) => [checkTagKey(key), checkTagValue(value)]));
}

export function checkTagValue(value: string): string {
  if (value.length > TAG_VALUE_MAX) throw tooLong('value', TAG_VALUE_MAX);
  return value;
}

export function checkDescription(description: string): string {
  if (description.length > DESCRIPTION_MAX) throw tooLong('description', DESCRIPTION_MAX);
  return description;
}

/** A version goes by its number, as text. @returns 0, which no version has, for a number that none can have */
export function readVersionNumber(version: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(version))
    throw invalidParameter(`Parameter 'version' must be an integer, got '${version.slice(0, 100)}'.`);
  const number = Number(version);
  return number > 0 && number <= 2 ** 31 - 1 ? number : 0;
}
