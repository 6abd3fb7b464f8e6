import type { ArtifactPlace } from '../../artifacts/artifact-files.service.js';
import { checkArtifactPath, invalidPath } from '../../artifacts/artifact-path.js';
import { runUuid } from '../ids.js';

/** `<experiment>/<run>/artifacts/…` or `<experiment>/models/<model>/artifacts/…`; the experiment's number is a bigint. */
const PLACE = /^(\d{1,18})\/(?:([0-9a-f]{32})|models\/(m-[0-9a-f]{32}))\/artifacts(?:\/(.*))?$/s;

/**
 * What a path below MLflow's artifact root names. Only files of runs and of logged models are there: nothing else is read or written.
 * @throws DomainError `validation-failed`
 */
export function readPlace(path: string): ArtifactPlace {
  const [, experiment, run, model, rest = ''] = PLACE.exec(checkArtifactPath(path)) ?? [];
  if (experiment === undefined) throw invalidPath();
  const owner =
    run === undefined
      ? ({ kind: 'logged-model', id: model ?? '' } as const)
      : ({ kind: 'run', id: runUuid(run) ?? '' } as const);
  return { owner, path: rest, experiment: BigInt(experiment) };
}

/** The same, for a path as it stands in a URL after `prefix`. @throws DomainError `validation-failed` */
export function readPlaceOfUrl(url: string, prefix: string): ArtifactPlace {
  const [path = ''] = url.split('?', 1);
  const encoded = path.slice(prefix.length).replace(/\/$/, ''); // MLflow's client ends the path of a folder so
  try {
    return readPlace(decodeURIComponent(encoded));
  } catch (error) {
    if (error instanceof URIError) throw invalidPath();
    throw error;
  }
}

/** The path of a folder below a run or a logged model; '' is the root. @throws DomainError `validation-failed` */
export const readFolder = (path: string | undefined): string =>
  path ? checkArtifactPath(path.replace(/\/$/, '')) : '';
