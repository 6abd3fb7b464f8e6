import type { Dispatcher } from 'undici';
import { MlflowError } from './mlflow-error.js';
import { type Read, ShapeError } from './shape.js';

/** What is shown of an answer that is none of MLflow's. */
const SHOWN_MAX = 200;

type Body = Dispatcher.ResponseData['body'];

/** Reads a body whole, and gives it up when it is larger than `maxBytes`. */
export async function readBounded(body: Body, request: string, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) {
      throw new MlflowError(`The answer is larger than ${maxBytes} bytes.`, { request, failure: 'bad-answer' });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The answer as JSON of the agreed form. @throws MlflowError `bad-answer` */
export function readJson<T>(body: Buffer, request: string, read: Read<T>): T {
  try {
    return read(JSON.parse(body.toString('utf8'), keepLargeIntegers), '');
  } catch (cause) {
    const detail =
      cause instanceof ShapeError
        ? `The answer has not MLflow's form: ${cause.message}.`
        : `The answer is not JSON${looksLikeHtml(body) ? ' but HTML: is this an MLflow server, and not a proxy before it?' : '.'}`;
    throw new MlflowError(detail, { request, failure: 'bad-answer', cause });
  }
}

/** The failure that an answer with an error's status tells of, in MLflow's own words where it has some. */
export function errorOfAnswer(
  request: string,
  status: number,
  headers: Dispatcher.ResponseData['headers'],
  body: Buffer,
): MlflowError {
  const { errorCode, message } = readProblem(body);
  const isUnavailable = status === 429 || status >= 500;
  // MLflow's own server answers with its error's form only; anything else between 400 and 499 came from something before it, or an older one.
  const failure = isUnavailable ? 'unavailable' : status >= 400 ? 'refused' : 'bad-answer';
  return new MlflowError(message, {
    ...{ request, failure, status, errorCode },
    retryAfterSeconds: readRetryAfter(headers['retry-after']),
  });
}

/** MLflow writes 64-bit integers as numbers: those that a double can't hold stay the text they were. */
const keepLargeIntegers = ((_key: string, value: unknown, { source = '' }: { source?: string }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value) as (
  key: string,
  value: unknown,
) => unknown; // the third argument is newer than TypeScript's own description

function readProblem(body: Buffer): { readonly errorCode: string | undefined; readonly message: string } {
  const raw = body.toString('utf8');
  try {
    const { error_code: code, message } = JSON.parse(raw) as Record<string, unknown>; // null or a number throws, which is caught
    const errorCode = typeof code === 'string' ? code : undefined;
    if (errorCode !== undefined || typeof message === 'string')
      return { errorCode, message: typeof message === 'string' ? message : '' };
  } catch {
    // Not MLflow's form: what came is shown.
  }
  return { errorCode: undefined, message: raw === '' ? 'no more was said' : plainText(raw) };
}

/** Without tags and line ends, and no longer than a sentence. */
const plainText = (raw: string): string =>
  raw
    .slice(0, SHOWN_MAX * 5)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, SHOWN_MAX);

const looksLikeHtml = (body: Buffer): boolean => /^\s*<(!doctype|html)/i.test(body.subarray(0, 100).toString('utf8'));

/** Seconds, or a date (RFC 9110, 10.2.3). */
function readRetryAfter(header: string | string[] | undefined): number {
  if (typeof header !== 'string') return 0;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
