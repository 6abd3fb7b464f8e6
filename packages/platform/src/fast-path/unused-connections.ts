import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Ends connections on which nothing was ever asked, when the server closes. Browsers and HTTP clients open some ahead of need, and Node
 * counts them as busy until its headers' timeout: without this each of them would hold up a shutdown to its deadline.
 */
export function endUnusedConnections(fastify: FastifyInstance): void {
  const unused = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  fastify.server.on('request', ({ socket }) => unused.delete(socket));
  fastify.addHook('preClose', (done) => {
    // Those that connect from here on are turned away by the closing server itself.
    for (const socket of unused) socket.destroy();
    done();
  });
}
