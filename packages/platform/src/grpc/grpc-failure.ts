import { wordRefusal } from '@gimbal/contracts';
import { describeProblem } from '../start-service/describe-problem.js';

/** Codes of gRPC (grpc/grpc, doc/statuscodes.md), as far as they are answered here. */
export const GRPC_STATUS = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;
export type GrpcStatus = keyof typeof GRPC_STATUS;

/** A call that is answered with a status and a sentence instead of a message. */
export class GrpcFailure extends Error {
  readonly status: GrpcStatus;
  /** When another try makes sense, ms; 0: nothing to say. */
  readonly retryAfterMs: number;

  constructor(status: GrpcStatus, message: string, retryAfterMs = 0) {
    super(message);
    this.name = 'GrpcFailure';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

const STATUS_OF_HTTP: Readonly<Record<number, GrpcStatus>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'FAILED_PRECONDITION',
  412: 'FAILED_PRECONDITION',
  413: 'RESOURCE_EXHAUSTED',
  415: 'UNIMPLEMENTED',
  429: 'RESOURCE_EXHAUSTED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** What a refusal over HTTP is over gRPC. */
export function toGrpcStatus(httpStatus: number): GrpcStatus {
  return STATUS_OF_HTTP[httpStatus] ?? (httpStatus < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
}

const utf8 = new TextDecoder();

/** Any failure as the caller is told of it. `expected` is false for a bug of ours. */
export function toGrpcFailure(
  error: unknown,
  requestId: string,
): { readonly failure: GrpcFailure; readonly expected: boolean } {
  if (error instanceof GrpcFailure) return { failure: error, expected: true };
  const { problem, expected } = describeProblem(error, requestId);
  const { status, body } = wordRefusal('open-inference-grpc', problem);
  return { failure: new GrpcFailure(toGrpcStatus(status), utf8.decode(body)), expected };
}

/** A sentence is cut here: encoded, it may be nine times as long, and a head beyond the limit would not be sent at all. */
const SENTENCE_LENGTH_MAX = 1_000;

/** As `grpc-message` has it: visible ASCII as it is, everything else and `%` by its bytes. */
export const encodeSentence = (text: string): string =>
  text
    .slice(0, SENTENCE_LENGTH_MAX)
    .replaceAll(/[^ -$&-~]+/gu, (other) =>
      Array.from(Buffer.from(other, 'utf8'), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
