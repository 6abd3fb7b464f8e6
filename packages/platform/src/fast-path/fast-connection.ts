import type { Socket } from 'node:net';
import { PLAIN_HEAD_BYTES_MAX, type PlainHead, readPlainHead } from './read-plain-head.js';
import type { AnswerWriter, FastAnswer } from './write-answer.js';

/** A request whose head was read and which is answered here. */
export interface FastExchange {
  /** Never rejects: a failure is an answer, too. */
  answer(body: Buffer): Promise<FastAnswer>;
}

/** What a head leads to. A client that sends the same head again, byte for byte, is led there again without being read. */
export interface FastRoute {
  /** Decides about one request before its body is there; null leaves it to Node. */
  begin(): FastExchange | null;
}

export interface FastConnectionParts {
  readonly writer: AnswerWriter;
  /** Where a head leads; null leaves its request to Node. */
  readonly route: (head: PlainHead, remoteAddress: string | undefined) => FastRoute | null;
  /** Gives the connection, with the bytes that were read and not used, to Node's HTTP server. */
  readonly handOver: (socket: Socket, unused: Buffer) => void;
  readonly idleMs: number;
  /** Time to send a whole body. */
  readonly bodyMs: number;
}

const HEAD_END = Buffer.from('\r\n\r\n', 'latin1');
const NO_BYTES = Buffer.alloc(0);
/** What a client may send ahead of its answer before it is no longer read from. */
const AHEAD_BYTES_MAX = 65_536;

/**
 * One connection as long as only plain requests come over it, one after the other. A request that is not plain, or not for this path, ends
 * that: the connection goes to Node, with the bytes of that request as they came.
 */
export class FastConnection {
  private unused: Buffer[] = [];
  private unusedBytes = 0;
  /** The request that waits for its body. */
  private open: FastExchange | null = null;
  private busy = false;
  private leaving = false;
  private ended = false;
  private bodyTimer: NodeJS.Timeout | undefined;
  /** The latest head with the empty line at its end, and what it led to. */
  private headBytes = NO_BYTES;
  private bodyBytes = 0;
  private route: FastRoute | null = null;

  constructor(
    private readonly socket: Socket,
    private readonly parts: FastConnectionParts,
    private readonly onGone: () => void,
  ) {
    socket.setTimeout(parts.idleMs);
    socket.on('data', this.onData).on('end', this.onEnd).on('timeout', this.onTimeout);
    socket.on('error', this.onError).on('close', this.onClose);
  }

  /** Takes no further request; the one under way is answered. */
  leave(): void {
    this.leaving = true;
    if (!this.busy && this.open === null) this.socket.destroy();
  }

  private readonly onData = (chunk: Buffer): void => {
    this.unused.push(chunk);
    this.unusedBytes += chunk.length;
    if (this.busy) {
      if (this.unusedBytes > AHEAD_BYTES_MAX) this.socket.pause();
      return;
    }
    this.advance();
  };

  private readonly onEnd = (): void => {
    this.ended = true;
    if (!this.busy) this.socket.end();
  };
  private readonly onTimeout = (): void => {
    if (!this.busy) this.socket.destroy();
  };
  private readonly onError = (): void => {
    this.socket.destroy();
  };
  private readonly onClose = (): void => {
    clearTimeout(this.bodyTimer);
    this.onGone();
  };

  private advance(): void {
    if (this.open === null && !this.readHead()) return;
    const { open } = this;
    if (open === null) return;
    const end = this.headBytes.length + this.bodyBytes;
    if (this.unusedBytes < end) {
      // Without this timer a body that trickles in would hold its connection for ever: bytes keep the idle timer from firing.
      this.bodyTimer ??= setTimeout(() => this.socket.destroy(), this.parts.bodyMs);
      return;
    }
    if (this.bodyTimer !== undefined) {
      clearTimeout(this.bodyTimer);
      this.bodyTimer = undefined;
    }
    this.open = null;
    const bytes = this.gather();
    this.unused = bytes.length > end ? [bytes.subarray(end)] : [];
    this.unusedBytes = bytes.length - end;
    this.busy = true;
    void open.answer(bytes.subarray(this.headBytes.length, end)).then(this.send);
  }

  /** @returns whether a request is open now; else the connection has gone to Node */
  private readHead(): boolean {
    const bytes = this.gather();
    if (!startsWith(bytes, this.headBytes)) this.readNewHead(bytes);
    this.open = this.route?.begin() ?? null;
    return this.open !== null || this.giveUp(bytes);
  }

  private readNewHead(bytes: Buffer): void {
    this.headBytes = NO_BYTES;
    this.route = null;
    const end = bytes.indexOf(HEAD_END);
    // A head in pieces is rare, and to wait for the rest of it is what Node does well.
    if (end < 0 || end > PLAIN_HEAD_BYTES_MAX) return;
    const head = readPlainHead(bytes.toString('latin1', 0, end));
    if (!head) return;
    this.headBytes = Buffer.from(bytes.subarray(0, end + HEAD_END.length));
    this.bodyBytes = head.bodyBytes;
    this.route = this.parts.route(head, this.socket.remoteAddress);
  }

  private giveUp(bytes: Buffer): false {
    const { socket } = this;
    socket.off('data', this.onData).off('end', this.onEnd).off('timeout', this.onTimeout);
    socket.off('error', this.onError).off('close', this.onClose);
    socket.setTimeout(0);
    this.onGone();
    this.parts.handOver(socket, bytes);
    return false;
  }

  private gather(): Buffer {
    const [first] = this.unused;
    const bytes = this.unused.length === 1 && first ? first : Buffer.concat(this.unused);
    this.unused = [bytes];
    return bytes;
  }

  private readonly send = (answer: FastAnswer): void => {
    const { socket } = this;
    if (socket.destroyed) return;
    const isLast = this.leaving || this.ended;
    socket.write(this.parts.writer.write(answer, isLast ? 'close' : 'keep-alive'));
    if (isLast) {
      socket.end();
      return;
    }
    // Answers that nobody reads must not pile up behind requests that keep coming.
    if (socket.writableNeedDrain) socket.once('drain', this.goOn);
    else this.goOn();
  };

  private readonly goOn = (): void => {
    this.busy = false;
    if (this.socket.isPaused()) this.socket.resume();
    if (this.unusedBytes > 0) this.advance();
  };
}

/** False for a beginning of no bytes: then there is no head to compare with. */
const startsWith = (bytes: Buffer, beginning: Buffer): boolean =>
  beginning.length > 0 &&
  bytes.length >= beginning.length &&
  bytes.compare(beginning, 0, beginning.length, 0, beginning.length) === 0;
