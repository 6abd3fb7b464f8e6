import { types } from 'node:util';

/** True for every error, also one of Node's own that comes from another realm (a worker's, a test runner's), where `instanceof` says no. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** The code of a system or library error: `ENOSPC`, `57P01`, `FST_ERR_CTP_EMPTY_JSON_BODY`; '' when there is none. */
export function errorCode(value: unknown): string {
  return isError(value) && 'code' in value && typeof value.code === 'string' ? value.code : '';
}
