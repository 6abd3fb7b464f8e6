import type { MlflowHandlers } from '@gimbal/contracts';
import { decodeCursor, encodeCursor } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ArtifactFiles, type ArtifactPlace } from '../../artifacts/artifact-files.service.js';
import type { FolderEntry } from '../../artifacts/artifact-rows.js';
import { artifactUriOf } from '../artifact-uri.js';
import { readRunId } from '../ids.js';
import { readFolder } from './read-place.js';

/** Entries of one answer; more come by page token. */
const PAGE = 1_000;
const LastName = z.tuple([
  z
    .string()
    .max(255)
    .refine((name) => !name.includes('\0')),
]);

/** How MLflow speaks of an entry of a folder. */
export const showEntry = (folder: string, { name, bytes }: FolderEntry) => ({
  path: folder === '' ? name : `${folder}/${name}`,
  is_dir: bytes === null,
  ...(bytes !== null && { file_size: bytes }),
});

/** What MLflow's REST says in JSON about the files of runs and of logged models. */
@Injectable()
export class ArtifactHandlers {
  readonly handlers: MlflowHandlers<'listArtifacts' | 'listLoggedModelArtifacts'>;

  constructor(private readonly files: ArtifactFiles) {
    this.handlers = {
      listArtifacts: async ({ path, page_token, ...named }) => {
        const owner = { kind: 'run', id: readRunId(named) } as const;
        return await this.list({ owner, path: readFolder(path) }, page_token);
      },
      listLoggedModelArtifacts: async ({ model_id, artifact_directory_path, page_token }) => {
        const owner = { kind: 'logged-model', id: model_id } as const;
        return await this.list({ owner, path: readFolder(artifact_directory_path) }, page_token);
      },
    };
  }

  private async list(place: ArtifactPlace, token: string | undefined): Promise<object> {
    const [after = ''] = decodeCursor(LastName, token || undefined) ?? [];
    const experiment = await this.files.check(place);
    const entries = await this.files.list(place, { after, limit: PAGE + 1 });
    const shown = entries.slice(0, PAGE);
    const last = entries.length > PAGE ? shown.at(-1) : undefined;
    return {
      root_uri: artifactUriOf(experiment, place.owner),
      files: shown.map((entry) => showEntry(place.path, entry)),
      ...(last && { next_page_token: encodeCursor([last.name]) }),
    };
  }
}
