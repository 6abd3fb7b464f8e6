import type { FastifyReply } from 'fastify';
import { REPORT_POLICY } from '../browser/browser-headers.js';
import type { WholeAnswer } from '../idempotency/idempotency.service.js';
import type { OwnerAnswer } from './owner.client.js';

const isPage = (headers: Readonly<Record<string, string>>): boolean =>
  headers['content-type']?.startsWith('text/html') === true;

/** Sends an answer that is held whole. */
export function sendWhole(reply: FastifyReply, { status, headers, text }: WholeAnswer): void {
  if (isPage(headers)) void reply.header('content-security-policy', REPORT_POLICY);
  void reply.status(status).headers(headers);
  if (status === 204) void reply.send();
  else void reply.send(text);
}

/** Sends an owner's answer as it comes. */
export function sendStream(reply: FastifyReply, { status, headers, body }: OwnerAnswer): void {
  if (isPage(headers)) void reply.header('content-security-policy', REPORT_POLICY);
  void reply.status(status).headers(headers);
  if (status === 204 || status === 304) {
    body.resume();
    void reply.send();
  } else void reply.send(body);
}
