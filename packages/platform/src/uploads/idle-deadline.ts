import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { errorCode } from '../start-service/error-facts.js';

/** Connections on which a file is on its way. */
const streaming = new WeakSet<object>();

/**
 * Lets the requests that {@link expectSteadyStream} marks take longer than `server.requestTimeout`, which Node measures over the whole
 * request: for a large file that would be a deadline for its size.
 */
export function allowLongStreams(server: Server): void {
  const listeners = server.listeners('clientError') as ((error: Error, socket: Socket) => void)[]; // of this event
  server.removeAllListeners('clientError').on('clientError', (error: Error, socket: Socket) => {
    // Node asks once for each request; a connection that nobody closes here goes on.
    if (errorCode(error) === 'ERR_HTTP_REQUEST_TIMEOUT' && streaming.has(socket)) return;
    if (listeners.length === 0) socket.destroy();
    for (const listener of listeners) listener.call(server, error, socket);
  });
}

/**
 * Gives a request a deadline by idle time in place of one by total time: its connection is cut when nothing passes in either direction.
 * @returns ends the watch; call it when the file has arrived, or the whole answer is out
 */
export function expectSteadyStream({ socket }: IncomingMessage, idleMs: number): () => void {
  streaming.add(socket);
  socket.setTimeout(idleMs, cut);
  return () => {
    streaming.delete(socket);
    socket.setTimeout(0).off('timeout', cut);
  };
}

function cut(this: Socket): void {
  this.destroy();
}
