import { posix } from 'node:path';
import { invalidParameter } from '../mlflow-error.js';

/** What MLflow allows as names and lengths (mlflow/utils/validation.py); its sentences are what clients compare. */

const KEY_MAX = 250;
const PARAM_VALUE_MAX = 6_000;
const TAG_VALUE_MAX = 8_000;
const EXPERIMENT_TAG_VALUE_MAX = 20_000;
const EXPERIMENT_NAME_MAX = 500;
const RUN_NAME_MAX = 250;
const LOCATION_MAX = 2_048;

/** Python's `\w` knows the letters and digits of every script. */
const NAME = /^[/\p{L}\p{M}\p{N}_.\- :]*$/u;
const BAD_CHARACTERS =
  'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).';

/** A name as it is shown in an error. */
const SHOWN_MAX = 100;
const shown = (name: string): string => JSON.stringify(name.length > SHOWN_MAX ? `${name.slice(0, SHOWN_MAX)}…` : name);

/** Refuses a name that could mean another one when it is taken for a path. */
function checkName(name: string, path: string): void {
  if (!NAME.test(name))
    throw invalidParameter(`Invalid value ${shown(name)} for parameter '${path}' supplied: ${BAD_CHARACTERS}`);
  const normal = posix.normalize(name);
  if (normal !== name || normal === '.' || normal.startsWith('..') || normal.startsWith('/') || normal.endsWith('/'))
    throw invalidParameter(
      `Invalid value ${shown(name)} for parameter '${path}' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to ${shown(normal)}`,
    );
}

export function checkLength(what: string, value: string, max: number): void {
  if (value.length > max) throw invalidParameter(`'${what}' exceeds the maximum length of ${max} characters`);
}

/** A value cut to its longest, as MLflow's server does with values of params and tags. */
const cut = (value: string, max: number): string => (value.length > max ? value.slice(0, max).toWellFormed() : value);

/** Where a value stands in a batch; alone it stands at the top. */
const at = (path: string, member: string): string => (path === '' ? member : `${path}.${member}`);

interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export function checkParam(key: string, value = '', path = ''): KeyValue {
  checkName(key, at(path, 'key'));
  checkLength('Param key', key, KEY_MAX);
  return { key, value: cut(value, PARAM_VALUE_MAX) };
}

export function checkTag(key: string, value = '', path = ''): KeyValue {
  checkName(key, at(path, 'key'));
  checkLength(at(path, 'key'), key, KEY_MAX);
  return { key, value: cut(value, TAG_VALUE_MAX) };
}

export function checkExperimentTag(key: string, value = ''): KeyValue {
  checkName(key, 'key');
  checkLength('key', key, KEY_MAX);
  checkLength('value', value, EXPERIMENT_TAG_VALUE_MAX);
  return { key, value };
}

export function checkMetricName(key: string, path = ''): void {
  checkName(key, at(path, 'name'));
  checkLength('Metric name', key, KEY_MAX);
}

export function checkExperimentName(name: string): void {
  checkLength('name', name, EXPERIMENT_NAME_MAX);
}

export function checkRunName(name: string): void {
  checkLength('run_name', name, RUN_NAME_MAX);
}

/** A place for the files of an experiment that its clients read and write themselves; nothing here ever does. */
export function checkArtifactLocation(location: string): void {
  if (location.length > LOCATION_MAX)
    throw invalidParameter(
      `Invalid artifact path length. The length of the artifact path cannot be greater than ${LOCATION_MAX} characters.`,
    );
  if (location.startsWith('runs:'))
    throw invalidParameter(`Artifact location cannot be a runs:/ URI. Given: '${location}'`);
  if (/[#;]/.test(location)) throw invalidParameter("'artifact_location' URL can't include fragments or params.");
  if (!/^([a-z][a-z0-9+.-]*:|\/)/i.test(location) || /(^|[\\/?])\.\.([\\/]|$)/.test(decodeLoosely(location)))
    throw invalidParameter(
      'The artifact location must be a URI or an absolute path, without parts that climb. A relative one would mean another place for every client.',
    );
}

/** The text behind any number of percent-encodings. */
function decodeLoosely(text: string): string {
  for (let round = 0, current = text; round < 10; round++) {
    const decoded = current.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === current) return current;
    current = decoded;
  }
  return '..'; // nobody encodes a place ten times who has nothing to hide
}

const BAD_IN_MODEL_NAMES = ['/', ':', '.', '%', '"', "'"];

export function checkLoggedModelName(name: string): void {
  if (BAD_IN_MODEL_NAMES.some((character) => name.includes(character)))
    throw invalidParameter(
      `Invalid model name (${shown(name)}) provided. Model name must be a non-empty string and cannot contain the following characters: ${BAD_IN_MODEL_NAMES.join(' ')}`,
    );
  checkLength('name', name, EXPERIMENT_NAME_MAX);
}
