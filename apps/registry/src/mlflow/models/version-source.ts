import { isDomainError } from '@gimbal/domain';
import type { ArtifactOwner } from '../../artifacts/artifact-owner.js';
import { checkArtifactPath } from '../../artifacts/artifact-path.js';
import { readPlace } from '../artifacts/read-place.js';
import { runUuid } from '../ids.js';
import { invalidParameter, type MlflowError } from '../mlflow-error.js';
import { decodeFully } from './check-names.js';

/** Longer than any that a client makes. */
const SOURCE_MAX = 2_000;
const LOGGED_MODEL_ID = /^m-[0-9a-f]{32}$/;
/** What the source of a prompt says: it has no files. */
const PROMPT_SOURCES = ['dummy-source', 'prompt-template'];

/** Where the files of a version are, as the client that registers it says. */
export type VersionSource =
  | { readonly kind: 'files'; readonly owner: ArtifactOwner; readonly folder: string }
  /** Those of another version, by number, stage, alias or `latest`. */
  | { readonly kind: 'version'; readonly name: string; readonly by: VersionSelector }
  /** In a storage that is not ours, or nowhere. */
  | { readonly kind: 'elsewhere'; readonly scheme: string };

export type VersionSelector =
  | { readonly version: string }
  | { readonly stage: string }
  | { readonly alias: string }
  | { readonly latest: true };

export const invalidSource = (source: string, why: string): MlflowError =>
  invalidParameter(`Invalid model version source: '${source.slice(0, 500)}'. ${why}`);

const RELATIVE =
  'If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.';
const LOCAL =
  'To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.';
const unidentified = (parameter: 'run_id' | 'model_id'): string =>
  `The ${parameter} request parameter must identify the resource that contains the source.`;

/**
 * Reads a source. A local path is always refused: no file of this machine is ever read by its name.
 * @throws MlflowError in MLflow's words
 */
export function readSource(source: string): VersionSource {
  if (source.length > SOURCE_MAX)
    throw invalidParameter(`'source' exceeds the maximum length of ${SOURCE_MAX} characters`);
  if (PROMPT_SOURCES.includes(source)) return { kind: 'elsewhere', scheme: 'prompt' };
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(source) ?? [];
  if (scheme === undefined || /^(file|[a-z])$/i.test(scheme)) throw invalidSource(source, LOCAL);
  if (scheme === 'runs') return readRunSource(source, rest);
  if (scheme === 'models') return readModelSource(source, rest);
  if (scheme === 'mlflow-artifacts') return readArtifacts(source, rest.replace(/^\/\/[^/]*|^\//, ''));
  const [, proxied] = /\/api\/2\.0\/mlflow-artifacts\/artifacts\/(.*)$/s.exec(rest) ?? [];
  if (proxied !== undefined && /^https?$/.test(scheme)) return readArtifacts(source, proxied);
  checkAbsolute(source);
  return { kind: 'elsewhere', scheme };
}

function readRunSource(source: string, rest: string): VersionSource {
  const [run = '', ...path] = rest.replace(/^\/+/, '').replace(/\/+$/, '').split('/');
  const id = rest.startsWith('/') ? runUuid(run) : undefined;
  if (id === undefined) throw invalidSource(source, unidentified('run_id'));
  return { kind: 'files', owner: { kind: 'run', id }, folder: checkFolder(source, path.join('/')) };
}

function readModelSource(source: string, rest: string): VersionSource {
  const parts = rest.replace(/^\/+/, '').split('/');
  const [name = '', suffix] = parts;
  if (!rest.startsWith('/') || name.trim() === '' || parts.length > 2 || suffix?.trim() === '')
    throw invalidSource(source, unidentified('model_id'));
  if (suffix === undefined && LOGGED_MODEL_ID.test(name))
    return { kind: 'files', owner: { kind: 'logged-model', id: name }, folder: '' };
  const [, aliased = '', alias = ''] = /^(.*)@(.*)$/s.exec(name) ?? [];
  if (suffix === undefined) {
    if (aliased === '' || alias === '') throw invalidSource(source, unidentified('model_id'));
    return { kind: 'version', name: aliased, by: { alias } };
  }
  if (/^\d+$/.test(suffix)) return { kind: 'version', name, by: { version: suffix } };
  return { kind: 'version', name, by: suffix.toLowerCase() === 'latest' ? { latest: true } : { stage: suffix } };
}

function readArtifacts(source: string, path: string): VersionSource {
  try {
    const { owner, path: folder } = readPlace(decodeURIComponent(path).replace(/^\/+/, '').replace(/\/+$/, ''));
    return { kind: 'files', owner, folder };
  } catch (error) {
    if (isDomainError(error) || error instanceof URIError) throw invalidSource(source, RELATIVE);
    throw error;
  }
}

function checkFolder(source: string, folder: string): string {
  if (folder === '') return folder;
  try {
    return checkArtifactPath(folder);
  } catch {
    throw invalidSource(source, RELATIVE);
  }
}

/** No reading of a path, however often it is decoded, may climb. */
function checkAbsolute(source: string): void {
  const text = decodeFully(source);
  if (text.includes('\0') || text.split(/[/\\]/).includes('..')) throw invalidSource(source, RELATIVE);
}

/** MLflow has the caller name the run, or the logged model, that a source belongs to; one that is named wrong is refused. */
export function checkSourceOwner(
  source: string,
  owner: ArtifactOwner,
  { run_id, model_id }: { readonly run_id?: string | undefined; readonly model_id?: string | undefined },
): void {
  if (owner.kind === 'run' && run_id && runUuid(run_id) !== owner.id)
    throw invalidSource(source, unidentified('run_id'));
  if (owner.kind === 'logged-model' && model_id && model_id !== owner.id)
    throw invalidSource(source, unidentified('model_id'));
}
