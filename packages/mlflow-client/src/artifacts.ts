import type { Readable } from 'node:stream';
import type { Upload } from './call.js';
import type { Connection } from './connection.js';
import { ArtifactFile } from './entities.js';
import { isMissing, isUnknownRoute } from './mlflow-error.js';
import { listOf, object } from './shape.js';

const ROOT = '/api/2.0/mlflow-artifacts/artifacts';
const Listed = object({ files: listOf(ArtifactFile) });
const Nothing = object({});

/**
 * The path below the server's artifact root that an address means, or undefined when the server does not pass its files on: those of `s3:`,
 * `file:` and the like are reached with credentials of their own, which this client has not.
 */
export function proxiedPath(uri: string): string | undefined {
  const path = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.*)$/.exec(uri)?.[1];
  return path?.replace(/\/+$/, '');
}

/** Files that pass through the server (`--serve-artifacts`, its default), as streams. Paths are relative to its artifact root. */
export class Artifacts {
  constructor(private readonly connection: Connection) {}

  /** What is directly in a folder; nothing when it is not there. Paths of the entries are relative to the folder. */
  async list(path: string): Promise<readonly ArtifactFile[]> {
    try {
      return (await this.connection.json({ method: 'GET', path: ROOT, query: { path } }, Listed)).files;
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Writes a file, in place of one that is there. */
  async upload({ path, ...upload }: Upload): Promise<void> {
    await this.connection.upload({ ...upload, path: escapedPath(path) });
  }

  /** The file's bytes, to be read to their end or destroyed. */
  async open(path: string, signal?: AbortSignal): Promise<Readable> {
    return await this.connection.open(escapedPath(path), signal);
  }

  /** A file, or a folder with all that is in it. What is not there is deleted already. */
  async delete(path: string): Promise<void> {
    try {
      await this.connection.json({ method: 'DELETE', path: escapedPath(path) }, Nothing);
    } catch (error) {
      if (!isMissing(error) && !isUnknownRoute(error)) throw error;
    }
  }
}

const escapedPath = (path: string): string => `${ROOT}/${path.split('/').map(encodeURIComponent).join('/')}`;
