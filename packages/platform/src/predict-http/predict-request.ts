import type { IncomingHttpHeaders } from 'node:http';
import { CALL_HEADERS, type CallHeaders, type PredictProtocol } from '@gimbal/contracts';

/** Keeps one unit on one side of a canary or an A/B test. */
export const TRAFFIC_KEY_HEADER = 'x-traffic-key';
export const TRAFFIC_KEY_LENGTH_MAX = 200;

/**
 * The content type that a protocol's bodies must have; null: any or none. Clients of Open Inference send JSON without saying so, and
 * tensors as `application/octet-stream`.
 */
export const CONTENT_TYPES: Readonly<Record<PredictProtocol, 'application/json' | null>> = {
  'named-fields': 'application/json',
  'open-inference': null,
};

/** What of a request's head serving is told. */
export function carryHeaders(headers: IncomingHttpHeaders): CallHeaders {
  const carried: { -readonly [N in keyof CallHeaders]: CallHeaders[N] } = {};
  for (const name of CALL_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') carried[name] = value;
  }
  return carried;
}
