import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Who stands before a door, however the request came in. */
export interface PredictCaller {
  readonly headers: IncomingHttpHeaders;
  /** The peer of the connection. */
  readonly remoteAddress: string | undefined;
  /** Takes the headers of the answer that are known by now. */
  readonly tell: (headers: Readonly<Record<string, string>>) => void;
  /** Told whose key it is as soon as that is known, whatever is decided then. */
  readonly recognise: (name: string) => void;
}

/** Whose key opened the door; null: the route is open to everybody. */
export interface Admitted {
  readonly key: { readonly id: string } | null;
}

/** Who asks by a request of Fastify's. */
export function callerOf(request: FastifyRequest, reply: FastifyReply): PredictCaller {
  return {
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress,
    tell: (headers) => void reply.headers(headers),
    recognise: (name) => {
      request.caller = name;
    },
  };
}
