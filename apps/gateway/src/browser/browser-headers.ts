import type { FastifyInstance } from 'fastify';

/** An API's answer is data: nothing in it may run, frame or be framed. Pages (docs, reports) set their own policy. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** A report of ours is one page with inline styles and inline SVG; no script runs in it and nothing is fetched. */
export const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

const ALLOWED_HEADERS =
  'authorization, content-type, idempotency-key, if-match, if-none-match, x-api-key, x-request-id';
const EXPOSED_HEADERS =
  'etag, idempotent-replayed, location, ratelimit-limit, ratelimit-policy, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id';

/** What every answer says to browsers, those to pages of other origins apart. */
export const headersOfEveryAnswer = (origins: ReadonlySet<string>): Readonly<Record<string, string>> => ({
  'x-content-type-options': 'nosniff',
  ...SECURITY_HEADERS,
  ...(origins.size > 0 && { vary: 'origin' }),
});

/**
 * Security headers on every answer, and CORS for the origins of the configuration alone. No cookies are used, so credentials are
 * never allowed; a page must send a key of its own.
 */
export function installBrowserHeaders(fastify: FastifyInstance, origins: ReadonlySet<string>): void {
  const everyAnswer = headersOfEveryAnswer(origins);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(everyAnswer);
    const { origin } = request.headers;
    if (origin === undefined || !origins.has(origin)) return done();
    void reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED_HEADERS);
    void reply.header('cross-origin-resource-policy', 'cross-origin');
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return done();
    void reply
      .header('access-control-allow-methods', 'GET, POST, PUT, DELETE')
      .header('access-control-allow-headers', ALLOWED_HEADERS)
      .header('access-control-max-age', '600')
      .status(204)
      .send();
  });
}
