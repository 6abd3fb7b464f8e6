import { chmod, lstat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { describeFrameAddress, type FrameAddress } from './frame-address.js';
import {
  ENTRY_OVERHEAD_BYTES,
  encodeFrame,
  FRAME_KIND,
  FRAME_OVERHEAD_BYTES,
  type Frame,
  FrameDecoder,
  type FrameEntry,
  FrameFault,
} from './frame-codec.js';

/** Gives an item its answer; a second call is ignored. */
export type AnswerItem = (reply: Uint8Array) => void;

export interface FrameServerOptions {
  readonly address: FrameAddress;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Whether a peer that shows this name and key may send. Must compare in constant time. */
  readonly admit: (name: string, key: string) => boolean;
  /** Takes one item. Must not throw; must answer each item once, in any order. The bytes are valid only until the answer. */
  readonly take: (item: Uint8Array, answer: AnswerItem) => void;
  /** Largest frame that is read, default 64 MiB. */
  readonly frameBytesMax?: number;
  /** Most connections at once, default 64. */
  readonly connectionsMax?: number;
}

const MEBIBYTE = 1_048_576;
const HELLO_BYTES_MAX = 4_096;
const HELLO_TIMEOUT_MS = 2_000;
/** A client that does not read its answers is not read from either. */
const UNSENT_BYTES_MAX = 32 * MEBIBYTE;
/** A reply frame that has reached this size takes no further answer. */
const REPLY_BYTES_MAX = MEBIBYTE;

interface OpenRequest {
  readonly id: number;
  unanswered: number;
  /** Some answer, or the word that they follow, has been sent. */
  spoken: boolean;
}

/**
 * Takes items from frame clients. The answers that are given within one turn leave as one frame for each request frame, so a slow
 * item holds up no other; a request frame without any answer after two turns is answered by an empty reply, which lets the client go on.
 */
export class FrameServer {
  private readonly server: Server;
  private readonly connections = new Set<FrameConnection>();
  private readonly options: FrameServerOptions;
  private leaving = false;

  constructor(options: FrameServerOptions) {
    this.options = options;
    this.server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }, (socket) => {
      const connection = new FrameConnection(socket, options, () => this.connections.delete(connection));
      this.connections.add(connection);
      if (this.leaving) connection.close();
    });
    this.server.maxConnections = options.connectionsMax ?? 64;
  }

  /**
   * Listens. A socket file left behind by a killed process is removed; one that somebody listens on is not.
   * @returns the address, with the port that was taken when 0 was asked for
   * @throws the system's error (`EADDRINUSE` …)
   */
  async listen(): Promise<FrameAddress> {
    const { address, logger } = this.options;
    if ('path' in address) await removeDeadSocket(address.path);
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(
        'path' in address ? { path: address.path } : { host: address.host, port: address.port },
        () => {
          this.server.off('error', reject);
          resolve();
        },
      );
    });
    if ('path' in address) await chmod(address.path, 0o600);
    const bound = this.server.address();
    const taken =
      'path' in address || typeof bound !== 'object' || !bound ? address : { host: address.host, port: bound.port };
    logger.info({ address: describeFrameAddress(taken) }, 'frames are taken');
    return taken;
  }

  /** Takes no new connections and requests, lets those under way be answered, and closes, by force after `deadlineMs`. */
  async close(deadlineMs: number): Promise<void> {
    this.leaving = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.connections) connection.close();
    const force = setTimeout(() => {
      for (const connection of this.connections) connection.destroy();
    }, deadlineMs);
    await closed;
    clearTimeout(force);
  }
}

/** One client's connection. */
class FrameConnection {
  private readonly socket: Socket;
  private readonly options: FrameServerOptions;
  private readonly decoder = new FrameDecoder(HELLO_BYTES_MAX);
  private readonly requests = new Map<number, OpenRequest>();
  private replies = new Map<OpenRequest, FrameEntry[]>();
  private flushScheduled = false;
  private admitted = false;
  private readonly helloTimer: NodeJS.Timeout;

  constructor(socket: Socket, options: FrameServerOptions, onClosed: () => void) {
    this.socket = socket;
    this.options = options;
    this.helloTimer = setTimeout(() => this.drop('no hello in time'), HELLO_TIMEOUT_MS);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('drain', () => socket.resume());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(this.helloTimer);
      this.requests.clear();
      onClosed();
    });
  }

  close(): void {
    if (this.admitted) this.socket.write(encodeFrame({ kind: FRAME_KIND.farewell, id: 0, entries: [] }));
    else this.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private drop(fault: string): void {
    this.options.logger.warn({ fault, peer: this.socket.remoteAddress ?? 'socket' }, 'frames connection dropped');
    this.destroy();
  }

  private read(chunk: Buffer): void {
    try {
      for (const frame of this.decoder.decode(chunk)) {
        if (this.socket.destroyed) return;
        if (!this.admitted) this.greet(frame);
        else this.takeRequest(frame);
      }
    } catch (error) {
      if (!(error instanceof FrameFault)) throw error;
      this.drop(error.message);
    }
  }

  private greet({ kind, entries }: Frame): void {
    clearTimeout(this.helloTimer);
    const [name, key] = entries.map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
    if (kind !== FRAME_KIND.hello || entries.length !== 2 || name === undefined || key === undefined)
      throw new FrameFault('The first frame is not a hello.');
    if (!this.options.admit(name, key)) throw new FrameFault('The peer may not call this service.');
    this.admitted = true;
    this.decoder.allow(this.options.frameBytesMax ?? 64 * MEBIBYTE);
    this.socket.write(encodeFrame({ kind: FRAME_KIND.welcome, id: 0, entries: [] }));
  }

  private takeRequest({ kind, id, entries }: Frame): void {
    if (kind !== FRAME_KIND.request || entries.length === 0)
      throw new FrameFault('Only requests with items are taken.');
    if (this.requests.has(id)) throw new FrameFault('The id of a request that is still open came again.');
    if (entries.some(({ position }, index) => position !== index))
      throw new FrameFault('The positions of a request are not in order.');
    const request: OpenRequest = { id, unanswered: entries.length, spoken: false };
    this.requests.set(id, request);
    for (const { position, bytes } of entries) {
      let open = true;
      this.options.take(bytes, (reply) => {
        if (!open) return;
        open = false;
        this.answer(request, { position, bytes: reply });
      });
    }
    // Two turns are what an item that is computed at once needs: one to gather a batch, one to run it.
    setImmediate(() =>
      setImmediate(() => {
        if (!request.spoken && this.requests.get(id) === request) this.write(request, []);
      }),
    );
  }

  private answer(request: OpenRequest, entry: FrameEntry): void {
    if (this.requests.get(request.id) !== request) return;
    const entries = this.replies.get(request);
    if (entries) entries.push(entry);
    else this.replies.set(request, [entry]);
    if (this.flushScheduled) return;
    this.flushScheduled = true;
    process.nextTick(() => {
      this.flushScheduled = false;
      this.flush();
    });
  }

  private flush(): void {
    const { replies } = this;
    this.replies = new Map();
    this.socket.cork();
    for (const [request, entries] of replies) {
      for (const part of inParts(entries)) this.write(request, part);
    }
    this.socket.uncork();
  }

  private write(request: OpenRequest, entries: readonly FrameEntry[]): void {
    request.spoken = true;
    request.unanswered -= entries.length;
    if (request.unanswered === 0) this.requests.delete(request.id);
    if (this.socket.destroyed || !this.socket.writable) return;
    this.socket.write(encodeFrame({ kind: FRAME_KIND.reply, id: request.id, entries }));
    if (this.socket.writableLength > UNSENT_BYTES_MAX) this.socket.pause();
  }
}

/** Large answers travel in frames of their own, so that the client's limit on a frame bounds one answer and not a sum of them. */
function* inParts(entries: readonly FrameEntry[]): Generator<readonly FrameEntry[]> {
  let part: FrameEntry[] = [];
  let bytes = FRAME_OVERHEAD_BYTES;
  for (const entry of entries) {
    const more = ENTRY_OVERHEAD_BYTES + entry.bytes.byteLength;
    if (part.length > 0 && bytes + more > REPLY_BYTES_MAX) {
      yield part;
      part = [];
      bytes = FRAME_OVERHEAD_BYTES;
    }
    part.push(entry);
    bytes += more;
  }
  if (part.length > 0) yield part;
}

/** @throws Error `EADDRINUSE` when somebody listens there, or when it is no socket at all */
async function removeDeadSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket()) throw Object.assign(new Error(`${path} is not a socket`), { code: 'EADDRINUSE' });
  const alive = await new Promise<boolean>((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (alive) throw Object.assign(new Error(`${path} is in use already`), { code: 'EADDRINUSE' });
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
