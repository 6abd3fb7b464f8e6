import { type Actor, MULTIPART_MESSAGES, PUBLIC_URL_HEADER } from '@gimbal/contracts';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ArtifactPlace } from '../../artifacts/artifact-files.service.js';
import { checkArtifactPath } from '../../artifacts/artifact-path.js';
import { MultipartUploads } from '../../artifacts/multipart-uploads.service.js';
import type { RegistryConfig } from '../../config.js';
import { invalidParameter, notThere } from '../mlflow-error.js';
import { readJsonObject, readMessage } from '../read-message.js';
import { PartAddress } from './part-address.js';

/** As S3 has it; each address is 200 bytes of the answer. */
const PARTS_MAX = 10_000;

const Part = z.object({ upload: z.uuid(), part: z.coerce.number().int().min(1).max(PARTS_MAX) });
const UploadId = z.uuid();

/** A call about an upload: the folder its path names, and its JSON. */
interface MultipartCall {
  readonly folder: ArtifactPlace;
  readonly body: Buffer;
}

/** MLflow's multipart protocol (mlflow_artifacts.proto): create, then each part to its own signed address, then complete or abort. */
@Injectable()
export class MultipartHandlers {
  constructor(
    private readonly uploads: MultipartUploads,
    private readonly addresses: PartAddress,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  async create(
    { folder, body }: MultipartCall,
    { headers, actor }: { headers: FastifyRequest['headers']; actor: Actor },
  ) {
    const { num_parts: parts = 1, path } = readMessage(MULTIPART_MESSAGES.create, readJsonObject(body));
    if (parts < 1 || parts > PARTS_MAX)
      throw invalidParameter(`The number of parts must be between 1 and ${PARTS_MAX}, but was ${parts}.`);
    const upload = await this.uploads.create(fileIn(folder, path), actor);
    const expires = new Date(Date.now() + this.config.uploads.lifetimeMs);
    const base = String(headers[PUBLIC_URL_HEADER] ?? '').replace(/\/$/, '');
    const credentials = Array.from({ length: parts }, (_, index) => ({
      part_number: index + 1,
      url: `${base}${this.addresses.sign({ upload, part: index + 1 }, expires)}`,
      headers: {},
    }));
    return { upload_id: upload, credentials };
  }

  /** Stores a part. @returns its entity tag, by which complete names it. @throws DomainError as {@link PartAddress.check} */
  async keepPart(
    { params, query }: Pick<FastifyRequest, 'params' | 'query'>,
    open: () => AsyncIterable<Uint8Array>,
  ): Promise<string> {
    const { success, data } = Part.safeParse(params);
    if (!success) throw notThere('There is no such part.');
    this.addresses.check(data, query as Record<string, unknown>, new Date()); // Fastify's parser gives an object
    const { digest } = await this.uploads.keepPart(data.upload, data.part, open());
    return `"${digest}"`;
  }

  async complete({ folder, body }: MultipartCall) {
    const { path, upload_id, parts } = readMessage(MULTIPART_MESSAGES.complete, readJsonObject(body));
    if (parts.length === 0) throw invalidParameter("Missing value for required parameter 'parts'.");
    const named = parts.map(({ part_number, etag = '' }) => ({
      number: part_number,
      digest: etag.replaceAll('"', '') || undefined,
    }));
    await this.uploads.complete({ id: readId(upload_id), place: fileIn(folder, path) }, named);
    return {};
  }

  async abort({ folder, body }: MultipartCall) {
    const { path, upload_id } = readMessage(MULTIPART_MESSAGES.abort, readJsonObject(body));
    await this.uploads.abort({ id: readId(upload_id), place: fileIn(folder, path) });
    return {};
  }
}

function readId(text: string | undefined): string {
  const { success, data } = UploadId.safeParse(text);
  if (!success) throw notThere('There is no such multipart upload.');
  return data;
}

/** The file of an upload: the client sends the path on its own disk, of which the last name counts. */
function fileIn({ owner, path, experiment }: ArtifactPlace, localPath: string): ArtifactPlace {
  const name = localPath.slice(Math.max(localPath.lastIndexOf('/'), localPath.lastIndexOf('\\')) + 1);
  return {
    owner,
    path: checkArtifactPath(path === '' ? name : `${path}/${name}`),
    ...(experiment !== undefined && { experiment }),
  };
}
