import type { ServerResponse } from 'node:http';
import type { CallHeaders, PredictAnswer } from '@gimbal/contracts';
import type { FastifyReply } from 'fastify';

/** Fetches what follows a part of a stream. Never throws: a failure is an answer, too. */
export type FetchPart = (after: PredictAnswer, headers: CallHeaders) => Promise<PredictAnswer>;

/** A client that takes nothing for so long is given up. */
const STALL_MS = 30_000;

/** @returns false when the client is gone, or does not read */
async function write(raw: ServerResponse, bytes: Uint8Array): Promise<boolean> {
  if (raw.destroyed) return false;
  if (raw.write(bytes)) return true;
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(stall);
      raw.off('drain', settle).off('close', settle);
      resolve(!raw.destroyed);
    };
    const stall = setTimeout(() => raw.destroy(), STALL_MS);
    raw.on('drain', settle).on('close', settle);
  });
}

const errorEvent = ({ body }: PredictAnswer): Buffer =>
  Buffer.concat([Buffer.from('event: error\ndata: '), body, Buffer.from('\n\n')]);

/**
 * Sends an answer that comes in parts as server-sent events. The next part is fetched when the client has taken the last one, so nothing
 * gathers here; when the client is gone, or its time over, serving is told. A failure on the way is an event `error` with the body of a refusal.
 */
export async function sendEvents(reply: FastifyReply, first: PredictAnswer, fetch: FetchPart): Promise<void> {
  void reply.header('content-type', first.contentType).header('cache-control', 'no-store');
  void reply.header('x-accel-buffering', 'no');
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200);
  let part = first;
  for (;;) {
    const isThere = await write(raw, part.body);
    const cursor = part.headers?.['stream-cursor'];
    if (cursor === undefined) break;
    const next = isThere ? await fetch(part, { 'stream-cursor': cursor }) : null;
    if (next?.status !== 200) {
      if (next) raw.end(errorEvent(next));
      await fetch(part, { 'stream-cursor': cursor, 'stream-end': '1' });
      return;
    }
    part = next;
  }
  raw.end();
}
