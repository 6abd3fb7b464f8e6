import { DomainError } from '@gimbal/domain';

/** An entry of an index in PostgreSQL holds 2 700 bytes, and a name of a file in most file systems 255. */
const PATH_BYTES_MAX = 1_024;
const NAME_BYTES_MAX = 255;
/** Control characters, and those that turn the direction of writing so that a name looks like another. */
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * The path of a file below its run or logged model: names joined by single slashes. It is the key of a row and never the name of a file on
 * this machine; what could climb out of a folder is refused all the same, since clients write these files to their own disks by these names.
 * @throws DomainError `validation-failed`, with MLflow's sentence
 */
export function checkArtifactPath(path: string): string {
  if (path.length > PATH_BYTES_MAX || Buffer.byteLength(path) > PATH_BYTES_MAX || !path.isWellFormed())
    throw invalidPath();
  // Somebody behind us may decode once more than we did: no reading of the path may lead out.
  for (let text = path, coded: string | undefined; text !== coded; text = decodeAscii(coded)) {
    if (!isPlain(text)) throw invalidPath();
    coded = text;
  }
  return path;
}

export const invalidPath = (): DomainError => new DomainError('validation-failed', 'Invalid path');

function isPlain(path: string): boolean {
  if (INVISIBLE.test(path) || /[\\#]/.test(path) || /^[A-Za-z]:/.test(path)) return false;
  return path
    .split('/')
    .every((name) => name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= NAME_BYTES_MAX);
}

/** One layer of percent-encoding less; only ASCII has a meaning for paths. */
function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
