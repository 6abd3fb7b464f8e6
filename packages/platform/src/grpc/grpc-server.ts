import { once } from 'node:events';
import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type ExchangeOptions, GrpcExchange } from './grpc-exchange.js';
import { GrpcFailure } from './grpc-failure.js';
import type { GrpcMethod } from './grpc-method.js';

interface GrpcServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** By path, `/package.Service/Method`. */
  readonly methods: ReadonlyMap<string, GrpcMethod>;
  readonly messageBytesMax: number;
  /** Connections at once; one more is closed. */
  readonly connectionsMax: number;
  /** Time a message may take to arrive, and an answer to be read, ms. */
  readonly messageMs: number;
  readonly logger: ExchangeOptions['logger'];
}

/** Calls under way on one connection; a client that wants more opens another. */
const STREAMS_MAX = 256;
/** Metadata of one call, as HPACK counts them. */
const METADATA_BYTES_MAX = 16_384;
/** A silent connection is closed when no call is under way on it, else it is asked for a sign of life. */
const SILENCE_MS = 60_000;
const PING_MS = 10_000;
const SWEEP_MS = 1_000;
/** Messages on their way, all calls together, in messages of the largest size. */
const HELD_MESSAGES_MAX = 32;

const UNKNOWN: GrpcMethod = {
  kind: 'one',
  open: ({ headers }) => {
    throw new GrpcFailure('UNIMPLEMENTED', `There is no method ${headers[':path'] ?? ''} here.`);
  },
};

/**
 * gRPC over HTTP/2 without TLS (grpc/grpc, doc/PROTOCOL-HTTP2.md) on Node's own `http2`. Messages are bytes: what is in them is the
 * methods' business.
 */
export class GrpcServer {
  private readonly server: Http2Server;
  private readonly options: GrpcServerOptions;
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly exchanges = new Set<GrpcExchange>();
  private sweeping: NodeJS.Timeout | undefined;

  constructor(options: GrpcServerOptions) {
    this.options = options;
    this.server = createServer({
      settings: { maxConcurrentStreams: STREAMS_MAX, maxHeaderListSize: METADATA_BYTES_MAX, enablePush: false },
      maxSendHeaderBlockLength: METADATA_BYTES_MAX,
    });
    this.server.maxConnections = options.connectionsMax;
    this.server.on('session', (session) => this.watch(session));
    this.server.on('sessionError', () => undefined); // a peer that does not speak HTTP/2; its connection is gone
    this.server.on('stream', (stream, headers) => this.take(stream, headers));
  }

  /** @returns the port. @throws Error when it is taken */
  async listen(): Promise<number> {
    const { host, port } = this.options;
    this.server.listen(port, host);
    await once(this.server, 'listening');
    this.sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref();
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  /** Takes no more calls, lets those under way end, and after `drainMs` ends them. */
  async close(drainMs: number): Promise<void> {
    clearInterval(this.sweeping);
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const session of this.sessions) session.close();
    const timer = setTimeout(() => {
      for (const session of this.sessions) session.destroy();
    }, drainMs);
    await closed;
    clearTimeout(timer);
  }

  private watch(session: ServerHttp2Session): void {
    this.sessions.add(session);
    session.on('close', () => this.sessions.delete(session));
    session.setTimeout(SILENCE_MS, () => {
      if (![...this.exchanges].some((exchange) => exchange.isOn(session))) {
        session.close();
        return;
      }
      const timer = setTimeout(() => session.destroy(), PING_MS);
      const isAsked =
        !session.destroyed &&
        session.ping((error) => {
          clearTimeout(timer);
          if (error) session.destroy();
        });
      if (!isAsked) clearTimeout(timer);
    });
  }

  private take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const type = headers['content-type'] ?? '';
    if (headers[':method'] !== 'POST' || !type.startsWith('application/grpc')) {
      stream.on('error', () => undefined);
      stream.respond({ ':status': headers[':method'] === 'POST' ? 415 : 405 }, { endStream: true });
      stream.close(constants.NGHTTP2_NO_ERROR);
      return;
    }
    const { methods, messageBytesMax, logger } = this.options;
    const exchange = new GrpcExchange(stream, headers, methods.get(String(headers[':path'])) ?? UNKNOWN, {
      messageBytesMax,
      logger,
    });
    this.exchanges.add(exchange);
    stream.on('close', () => this.exchanges.delete(exchange));
    exchange.start();
  }

  /** Ends calls whose caller takes too long, and the largest when all together hold too much. */
  private sweep(): void {
    const { messageMs, messageBytesMax } = this.options;
    const since = performance.now() - messageMs;
    let held = 0;
    for (const exchange of this.exchanges) {
      if (exchange.waitingSinceMs < since) exchange.expire();
      held += exchange.held;
    }
    if (held <= HELD_MESSAGES_MAX * messageBytesMax) return;
    for (const exchange of [...this.exchanges].sort((one, other) => other.held - one.held)) {
      if (held <= HELD_MESSAGES_MAX * messageBytesMax) return;
      held -= exchange.held;
      exchange.fail(new GrpcFailure('RESOURCE_EXHAUSTED', 'Too many large messages are on their way at once.'));
    }
  }
}
