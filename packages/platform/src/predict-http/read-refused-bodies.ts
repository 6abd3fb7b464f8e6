import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What is read of a refused body at most; twice the default limit, so that a sender a little over it is answered. */
const BYTES_MAX = 16_777_216;
/** Milliseconds a refused sender may take. */
const WAIT_MS = 2_000;

/**
 * Reads the rest of a refused request before the refusal is sent. A connection that is closed while the client still writes is
 * reset: it would see a broken pipe instead of the problem document. Who sends more or slower than the bounds allow is cut off.
 */
export function readRefusedBodies(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply) => {
    const { complete, readableEnded, destroyed } = request.raw;
    if (reply.statusCode >= 400 && !complete && !readableEnded && !destroyed) await dropBody(request.raw);
  });
}

function dropBody(body: IncomingMessage): Promise<void> {
  return new Promise((settle) => {
    let bytes = 0;
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BYTES_MAX) done();
    };
    const done = () => {
      clearTimeout(timer);
      body.off('data', onData).off('end', done).off('close', done).off('error', done);
      settle();
    };
    const timer = setTimeout(done, WAIT_MS);
    body.on('data', onData).on('end', done).on('close', done).on('error', done).resume();
  });
}
