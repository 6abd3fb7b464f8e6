import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers as it is told, one answer after the other and then always the last one. */
export interface StubServer {
  readonly url: string;
  /** The requests that came, as `GET /version`. */
  readonly asked: string[];
  answer(...answers: readonly Answer[]): void;
  close(): Promise<void>;
}

export async function startStubServer(): Promise<StubServer> {
  let answers: readonly Answer[] = [];
  let next = 0;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    answer?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    asked,
    answer: (...more) => {
      answers = more;
      next = 0;
      asked.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

export const raw =
  (status: number, body: string, contentType = 'text/html'): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body);
  };

/** Cuts the connection without an answer. */
export const reset: Answer = (request) => request.socket.destroy();

/** Takes the request and never answers. */
export const silence: Answer = () => undefined;
