import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { DomainError, isDomainError } from '@gimbal/domain';
import { errorCode, isError } from '../start-service/error-facts.js';

export interface S3Options {
  /** `s3://bucket/prefix`; the prefix may be empty. */
  readonly url: string;
  /** Of a server that is not Amazon's. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** The bucket is a part of the path, not of the host's name. */
  readonly pathStyle: boolean;
  /** Largest artifact, in bytes, > 0. */
  readonly maxBytes: number;
}

/** Where a store keeps its objects. */
export interface S3Bucket {
  readonly client: S3Client;
  readonly bucket: string;
  /** With a slash at its end, or empty. */
  readonly prefix: string;
}

const CONNECT_MS = 3_000;
/** How long a connection may stand still. */
const IDLE_MS = 30_000;
/** Of one call, the first included; with growing pauses. */
const ATTEMPTS = 4;

/** Credentials are those the SDK finds: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, a role of the machine. */
export function openBucket({ url, endpoint, region, pathStyle }: Omit<S3Options, 'maxBytes'>): S3Bucket {
  const { hostname, pathname } = new URL(url);
  const prefix = pathname.replace(/^\/+|\/+$/g, '');
  const settings: S3ClientConfig = {
    region,
    forcePathStyle: pathStyle,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS },
    // Content is held against its SHA-256 here; a checksum more would be another pass over it that not every server knows.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint !== undefined && { endpoint }),
  };
  return { client: new S3Client(settings), bucket: hostname, prefix: prefix === '' ? '' : `${prefix}/` };
}

const GONE = new Set(['NoSuchKey', 'NotFound']);
const FULL = new Set(['QuotaExceeded', 'EntityTooLarge', 'XMinioStorageFull', 'InsufficientStorage', 'SlowDownWrite']);
const INSUFFICIENT_STORAGE = 507;

const statusOf = (error: Error): unknown =>
  '$metadata' in error ? (error.$metadata as { readonly httpStatusCode?: number }).httpStatusCode : undefined; // of the SDK's errors

/** Whether the server says that there is no such object. A bucket that is not there is another matter. */
export const isGone = (error: unknown): boolean => isError(error) && GONE.has(error.name);

/** A failure of the server or of the way to it, as one of ours; a bug, or what the sender of the content did, as it is. */
export function s3Error(error: unknown): unknown {
  if (isDomainError(error) || !isError(error)) return error;
  if (FULL.has(error.name) || statusOf(error) === INSUFFICIENT_STORAGE)
    return new DomainError('storage-full', 'The artifact store has no space left.', { cause: error });
  const isOfServer = '$metadata' in error || errorCode(error) !== '' || /Timeout|Credentials/.test(error.name);
  if (!isOfServer) return error;
  const reason = errorCode(error) || error.name;
  return new DomainError('storage-failed', `The artifact store cannot be used (${reason}).`, { cause: error });
}
