import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { FastConnection, type FastConnectionParts } from './fast-connection.js';
import { AnswerWriter } from './write-answer.js';

export interface FastPathOptions {
  /** Where a head leads; null leaves its request to Node. */
  readonly route: FastConnectionParts['route'];
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Time to send a whole body, ms. */
  readonly bodyMs: number;
}

const SECOND_MS = 1_000;

/**
 * Puts a reader of plain requests in front of Fastify's own server: `node:http` and Fastify cost several times what a small
 * prediction does. Every connection begins here and goes to Node's server with its first request that is not plain, or not taken; so
 * whatever HTTP can be is still answered, by the parser that always did. Call after everything else that listens for connections.
 */
export function installFastPath(fastify: FastifyInstance, { route, headers, bodyMs }: FastPathOptions): void {
  const server: Server = fastify.server;
  const connections = new Set<FastConnection>();
  const others = server.listeners('connection');
  server.removeAllListeners('connection');
  const handOver = (socket: Socket, unused: Buffer): void => {
    socket.pause();
    for (const listen of others) listen.call(server, socket);
    socket.unshift(unused);
    socket.resume();
  };
  const { keepAliveTimeout: idleMs } = server;
  const writer = new AnswerWriter(headers, Math.floor(idleMs / SECOND_MS));
  const parts = { writer, route, handOver, idleMs, bodyMs };
  server.on('connection', (socket: Socket) => {
    const connection: FastConnection = new FastConnection(socket, parts, () => connections.delete(connection));
    connections.add(connection);
  });
  fastify.addHook('preClose', (done) => {
    for (const connection of connections) connection.leave();
    done();
  });
}
