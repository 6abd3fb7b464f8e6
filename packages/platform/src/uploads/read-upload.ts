import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import { DomainError } from '@gimbal/domain';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { InvalidInputError, parseInput } from '../start-service/parse-input.js';

/** Largest `metadata` part: a signature of 2 000 inputs with descriptions fits. */
const METADATA_BYTES_MAX = 2_000_000;

/**
 * Makes a service take multipart uploads; its controllers read them with {@link readUpload}.
 * @param fileBytesMax largest file when the route says nothing else
 */
export async function acceptUploads(app: NestFastifyApplication, fileBytesMax: number): Promise<void> {
  const { default: multipart } = await import('@fastify/multipart');
  await app.register(multipart, {
    limits: {
      fieldSize: METADATA_BYTES_MAX,
      fields: 1,
      files: 2,
      parts: 2,
      fileSize: fileBytesMax + 1,
      headerPairs: 50,
    },
    throwFileSizeLimit: true,
  });
}

/** What was sent. */
export interface Upload<M, F> {
  readonly metadata: M;
  /** Null when no file came. */
  readonly file: F | null;
}

/** A file as it arrives. */
interface ArrivingFile<M> {
  readonly content: AsyncIterable<Uint8Array>;
  readonly fileName: string;
  /** Undefined when the file comes before the metadata. */
  readonly metadata: M | undefined;
}

/** What is read of a form, and how. */
interface UploadForm<S extends z.ZodType, F> {
  readonly metadata: S;
  /** Takes the file in, however large it is. */
  keep(file: ArrivingFile<z.output<S>>): Promise<F>;
  /** Largest file in bytes, when not as large as a model. */
  readonly fileBytesMax?: number;
}

/**
 * Reads a multipart upload: the part `metadata` (JSON, also as a file part of type application/json) and at most one part `file`. The
 * file goes straight to `keep`.
 *
 * @throws InvalidInputError, DomainError `unsupported-media-type`, `malformed-json`, `payload-too-large`
 */
export async function readUpload<S extends z.ZodType, F>(
  request: FastifyRequest,
  form: UploadForm<S, F>,
): Promise<Upload<z.output<S>, F>> {
  if (!request.isMultipart()) throw new DomainError('unsupported-media-type', 'Send multipart/form-data.');
  const limits = form.fileBytesMax === undefined ? {} : { limits: { fileSize: form.fileBytesMax + 1 } };
  let metadata: z.output<S> | undefined;
  let file: F | null = null;
  try {
    for await (const part of request.parts(limits)) {
      if (part.fieldname === 'metadata' && metadata === undefined) {
        const json = part.type === 'file' ? parseJson(await readText(part)) : readField(part);
        metadata = parseInput(form.metadata, json);
      } else if (part.fieldname === 'file' && part.type === 'file' && !file)
        file = await form.keep({ content: part.file, fileName: part.filename, metadata });
      else throw invalid('', 'send one part metadata and one part file, nothing else');
    }
  } catch (error) {
    // Node reads on by itself only what was never piped; without this the rest of the body would hold the connection.
    request.raw.unpipe();
    request.raw.resume();
    throw translateMultipartFailure(error);
  }
  if (metadata === undefined) throw invalid('metadata', 'is required');
  return { metadata, file };
}

async function readText(part: MultipartFile): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of part.file) {
    bytes += chunk.length;
    if (bytes > METADATA_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The plugin has parsed a field that says it is JSON. */
function readField({ value, valueTruncated }: MultipartValue): unknown {
  if (valueTruncated) throw tooLarge();
  return typeof value === 'string' ? parseJson(value) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformedJson();
  }
}

const malformedJson = (): DomainError => new DomainError('malformed-json', 'The part metadata cannot be read as JSON.');

const tooLarge = (): DomainError =>
  new DomainError('payload-too-large', `The part metadata may have at most ${METADATA_BYTES_MAX} bytes.`);

const invalid = (path: string, message: string): InvalidInputError => new InvalidInputError([{ path, message }]);

/** The plugin's own failures carry a Fastify code; limits are 413, the rest is a form that is broken. */
function translateMultipartFailure(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (/^FST_(REQ_FILE_TOO_LARGE|PARTS_LIMIT|FILES_LIMIT|FIELDS_LIMIT)$/.test(code)) {
    return new DomainError('payload-too-large', 'The upload has too many parts, or one of them is too large.');
  }
  if (code === 'FST_INVALID_JSON_FIELD_ERROR') return malformedJson();
  const broken = code.startsWith('FST_') || /Unexpected end of|Multipart|Malformed|boundary/i.test(error.message);
  return broken ? invalid('', 'the multipart form is broken or ends early') : error;
}
