import type { IncomingHttpHeaders } from 'node:http';
import { CALL_HEADERS, type CallHeaders, type HttpProtocol } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';

/** Keeps one unit on one side of a canary or an A/B test. */
export const TRAFFIC_KEY_HEADER = 'x-traffic-key';
export const TRAFFIC_KEY_LENGTH_MAX = 200;

/** @throws DomainError `validation-failed` when it is too long */
export function readTrafficKey({ [TRAFFIC_KEY_HEADER]: key }: IncomingHttpHeaders): string | null {
  if (typeof key !== 'string' || key === '') return null;
  if (key.length <= TRAFFIC_KEY_LENGTH_MAX) return key;
  throw new DomainError(
    'validation-failed',
    `The header ${TRAFFIC_KEY_HEADER} has more than ${TRAFFIC_KEY_LENGTH_MAX} characters.`,
  );
}

const TIMEOUT_HEADER = 'x-request-timeout-ms';
const TIMEOUT_MS_MAX = 600_000;

/** How long the caller waits for the answer, ms; undefined: as long as it takes; null: what was sent is no such number. */
export function parseTimeLeft({ [TIMEOUT_HEADER]: text }: IncomingHttpHeaders): number | undefined | null {
  if (text === undefined) return undefined;
  const timeLeftMs = typeof text === 'string' && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN;
  return timeLeftMs <= TIMEOUT_MS_MAX ? timeLeftMs : null;
}

/** @throws DomainError `validation-failed` when it is no such number */
export function readTimeLeft(headers: IncomingHttpHeaders): number | undefined {
  const timeLeftMs = parseTimeLeft(headers);
  if (timeLeftMs !== null) return timeLeftMs;
  throw new DomainError(
    'validation-failed',
    `The header ${TIMEOUT_HEADER} is a whole number from 1 to ${TIMEOUT_MS_MAX}.`,
  );
}

const UNAVAILABLE = 503;

/** When another try makes sense, in seconds, after a refusal that serving never heard of; 0 when it does not. */
export const retryAfterSecondsOf = ({ status }: { readonly status: number }): number =>
  status === UNAVAILABLE ? 1 : 0;

/**
 * The content type that a protocol's bodies must have; null: any or none. Clients of Open Inference send JSON without saying so, and
 * tensors as `application/octet-stream`.
 */
export const CONTENT_TYPES: Readonly<Record<HttpProtocol, 'application/json' | null>> = {
  'named-fields': 'application/json',
  'open-inference': null,
  'kserve-v1': null,
  'mlflow-scoring': null, // JSON or CSV: serving says which it takes
};

/** Only MLflow's bodies come in more than one form; what goes on with a stream is no caller's to say. */
const needs = (protocol: HttpProtocol, name: keyof CallHeaders): boolean =>
  !name.startsWith('stream-') && (name !== 'content-type' || protocol === 'mlflow-scoring');

/** What of a request's head serving is told. */
export function carryHeaders(headers: IncomingHttpHeaders, protocol: HttpProtocol): CallHeaders {
  const carried: { -readonly [N in keyof CallHeaders]: CallHeaders[N] } = {};
  for (const name of CALL_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && needs(protocol, name)) carried[name] = value;
  }
  return carried;
}
