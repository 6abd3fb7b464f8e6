import { type ErrorCode, PROBLEMS, type Problem } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { HttpException } from '@nestjs/common';
import { errorCode, isError } from './error-facts.js';
import { InvalidInputError } from './parse-input.js';

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(PROBLEMS, code);

/** The problem+json body of a failure. */
export function buildProblem(code: ErrorCode, detail: string, instance: string, errors?: Problem['errors']): Problem {
  const { status, title } = PROBLEMS[code];
  return { type: `urn:gimbal:problem:${code}`, title, status, detail, code, instance, ...(errors && { errors }) };
}

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'missing-api-key',
  403: 'role-required',
  404: 'route-not-found',
  408: 'timeout',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  503: 'service-unavailable',
};

const DETAIL_OF_CODE: Partial<Record<ErrorCode, string>> = {
  'missing-api-key': 'The call carries no key that is known here.',
  'role-required': 'The caller may not do this.',
  'route-not-found': 'There is no such route; mind the method, too.',
  timeout: 'The request was not received in time.',
  'payload-too-large': 'The body is larger than this service reads.',
  'unsupported-media-type': 'Send application/json.',
  'rate-limited': 'Wait before the next request.',
  'service-unavailable': 'Try again later.',
};

const isJsonFailure = (cause: unknown): boolean => {
  if (isError(cause) && cause.name === 'SyntaxError') return true;
  return errorCode(cause).startsWith('FST_ERR_CTP_');
};

const describeHttpException = (error: HttpException, instance: string): Problem | undefined => {
  const status = error.getStatus();
  if (status === 400 && isJsonFailure(error.cause))
    return buildProblem('malformed-json', 'The body cannot be read as JSON.', instance);
  const code = CODE_OF_STATUS[status];
  if (code) return buildProblem(code, DETAIL_OF_CODE[code] ?? PROBLEMS[code].title, instance);
  return status < 500
    ? buildProblem('validation-failed', 'The request is not one that this route takes.', instance)
    : undefined;
};

/**
 * What the caller is told of a failure. `expected` is false for a bug of ours: the caller learns nothing of it and the log everything.
 * @param instance id of the request
 */
export function describeProblem(
  error: unknown,
  instance: string,
): { readonly problem: Problem; readonly expected: boolean } {
  if (error instanceof DomainError && isErrorCode(error.code)) {
    const errors = error instanceof InvalidInputError ? [...error.errors] : undefined;
    return {
      problem: buildProblem(error.code, error.detail, instance, errors),
      expected: PROBLEMS[error.code].status !== 500,
    };
  }
  const known = error instanceof HttpException ? describeHttpException(error, instance) : undefined;
  if (known) return { problem: known, expected: true };
  return {
    problem: buildProblem('internal-error', 'The failure was logged under this request id.', instance),
    expected: false,
  };
}
