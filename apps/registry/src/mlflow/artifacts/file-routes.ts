import { Readable } from 'node:stream';
import { MLFLOW_FILE_ROUTES, type MlflowFileRouteName } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CONFIG, expectSteadyStream, lendChunks } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ArtifactFiles, type ArtifactPlace } from '../../artifacts/artifact-files.service.js';
import { sendFile } from '../../artifacts/send-file.js';
import type { RegistryConfig } from '../../config.js';
import { readRunId } from '../ids.js';
import { invalidParameter } from '../mlflow-error.js';
import { actorOf } from '../mlflow-routes.js';
import { showEntry } from './artifact.handlers.js';
import { MultipartHandlers } from './multipart.handlers.js';
import { readFolder, readPlace, readPlaceOfUrl } from './read-place.js';
import { VersionFiles } from './version-files.js';

/** JSON of a multipart call at most: 10 000 parts with their addresses. */
const JSON_BYTES_MAX = 8_388_608;
/** Entries of a folder that the proxy lists; its protocol has no pages. */
const ENTRIES_MAX = 100_000;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
const JSON_ROUTES = ['createMultipartUpload', 'completeMultipartUpload', 'abortMultipartUpload'] as const;
type JsonRouteName = (typeof JSON_ROUTES)[number];

/** Files of MLflow's clients, past Nest's controllers: bytes pass from the connection to the store and back as they come. */
@Injectable()
export class FileRoutes {
  private readonly json: Readonly<Record<JsonRouteName, Handler>>;
  private readonly raw: Readonly<Record<Exclude<MlflowFileRouteName, JsonRouteName>, Handler>>;

  constructor(
    private readonly files: ArtifactFiles,
    private readonly versions: VersionFiles,
    multipart: MultipartHandlers,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {
    this.json = {
      createMultipartUpload: async (request) =>
        multipart.create(callOf(request), { headers: request.headers, actor: actorOf(request) }),
      completeMultipartUpload: async (request) => multipart.complete(callOf(request)),
      abortMultipartUpload: async (request) => multipart.abort(callOf(request)),
    };
    this.raw = {
      listFiles: async ({ query }) => ({
        files: await this.list(readPlace(memberOf(query, 'path').replace(/\/$/, ''))),
      }),
      downloadFile: (request, reply) => this.send(placeOf(request), request, reply),
      uploadFile: (request) => this.receive(request),
      deleteFiles: async (request) => {
        await this.files.remove(placeOf(request));
        return {};
      },
      uploadPart: async (request, reply) => {
        const etag = await multipart.keepPart(request, () => this.bodyOf(request));
        return reply.header('etag', etag).send({});
      },
      downloadRunFile: (request, reply) => {
        const owner = { kind: 'run', id: readRunId(runOf(request.query)) } as const;
        return this.send({ owner, path: readFolder(memberOf(request.query, 'path')) }, request, reply);
      },
      downloadVersionFile: async (request, reply) => {
        const { query } = request;
        const version = { name: memberOf(query, 'name'), version: memberOf(query, 'version') };
        return this.send(await this.versions.find(version, readFolder(memberOf(query, 'path'))), request, reply);
      },
      downloadLoggedModelFile: (request, reply) => {
        const owner = { kind: 'logged-model', id: memberOf(request.params, 'model_id') } as const;
        return this.send({ owner, path: readFolder(memberOf(request.query, 'artifact_file_path')) }, request, reply);
      },
    };
  }

  /** Adds the routes. @param guard what every scope of MLflow's protocol needs */
  mount(fastify: FastifyInstance, guard: (scope: FastifyInstance) => void): void {
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      guard(scope);
      for (const [name, handler] of Object.entries(this.raw)) add(scope, name as MlflowFileRouteName, handler); // its keys
    });
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      const options = { parseAs: 'buffer', bodyLimit: JSON_BYTES_MAX } as const;
      scope.addContentTypeParser('*', options, (_request, body, done) => done(null, body));
      guard(scope);
      for (const name of JSON_ROUTES) add(scope, name, this.json[name]);
    });
  }

  private async list(place: ArtifactPlace) {
    const entries = await this.files.list(place, { after: '', limit: ENTRIES_MAX + 1 });
    if (entries.length > ENTRIES_MAX)
      throw invalidParameter(
        `The folder has more than ${ENTRIES_MAX} entries. List it by artifacts/list, which has pages.`,
      );
    return entries.map((entry) => showEntry('', entry));
  }

  private async send(place: ArtifactPlace, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const file = await this.files.find(place);
    const end = expectSteadyStream(request.raw, this.config.streams.idleMs);
    reply.raw.once('close', end);
    return await sendFile(request, reply, { file, open: (range) => this.files.open(file, range) });
  }

  private async receive(request: FastifyRequest): Promise<object> {
    const place = placeOf(request);
    if (place.path === '') throw invalidParameter("Artifact path must include a filename (cannot end with '/').");
    await this.files.keep(place, this.bodyOf(request));
    return {};
  }

  /** The bytes of a request as they come. @throws DomainError `payload-too-large` before any is read when it says so itself */
  private async *bodyOf({ raw, headers, body }: FastifyRequest): AsyncGenerator<Uint8Array> {
    const { maxBytes } = this.config.artifacts;
    if (Number(headers['content-length'] ?? 0) > maxBytes)
      throw new DomainError('payload-too-large', `An artifact may have at most ${maxBytes} bytes.`);
    if (!(body instanceof Readable)) return; // an empty file
    const end = expectSteadyStream(raw, this.config.streams.idleMs);
    try {
      yield* lendChunks(body.iterator({ destroyOnReturn: false }));
    } finally {
      end();
      body.resume(); // the rest of a refused body is read and dropped, else it would hold the connection
    }
  }
}

function add(scope: FastifyInstance, name: MlflowFileRouteName, handler: Handler): void {
  const { methods, paths } = MLFLOW_FILE_ROUTES[name];
  for (const url of paths) scope.route({ method: [...methods], url, exposeHeadRoute: false, handler });
}

/** What the wildcard of a route stands for, from the URL as it came: the router decodes in its own way. */
function placeOf({ url, routeOptions }: FastifyRequest): ArtifactPlace {
  return readPlaceOfUrl(url, (routeOptions.url ?? '').replace(/\*$/, ''));
}

const callOf = (request: FastifyRequest) => ({
  folder: placeOf(request),
  body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
});

/** How a query names a run: what is there twice is a list, and none of the two. */
function runOf(query: unknown): { readonly run_id?: string | undefined; readonly run_uuid?: string | undefined } {
  const { run_id, run_uuid } = query as Record<string, unknown>; // Fastify's parser gives an object
  return {
    run_id: typeof run_id === 'string' ? run_id : undefined,
    run_uuid: typeof run_uuid === 'string' ? run_uuid : undefined,
  };
}

/** A member that must be there. */
function memberOf(members: unknown, name: string): string {
  const value = (members as Record<string, unknown>)[name]; // Fastify's router and parser give objects
  if (typeof value !== 'string' || value === '')
    throw invalidParameter(`Missing value for required parameter '${name}'.`);
  if (value.includes('\0'))
    throw invalidParameter(`Invalid value for parameter '${name}' supplied: must not contain NUL.`);
  return value;
}
