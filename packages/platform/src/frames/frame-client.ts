import { connect, type Socket } from 'node:net';
import { DomainError } from '@gimbal/domain';
import type { Logger } from 'pino';
import { describeFrameAddress, type FrameAddress } from './frame-address.js';
import {
  ENTRY_OVERHEAD_BYTES,
  encodeFrame,
  FRAME_KIND,
  FRAME_OVERHEAD_BYTES,
  type Frame,
  FrameDecoder,
  sizeOfEntry,
  writeFrame,
} from './frame-codec.js';
import { UnansweredError } from './unanswered-error.js';

export interface FrameClientOptions {
  readonly address: FrameAddress;
  /** Name and key with which this service shows itself to the server. */
  readonly name: string;
  readonly key: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Frames that the server has not taken in yet, 1 to 16. What arrives meanwhile leaves together in the next one. Default 4. */
  readonly framesInFlightMax?: number;
  /** Most items in one frame, default 256. */
  readonly frameItemsMax?: number;
  /** A frame that has reached this many bytes takes no further item, default 1 MiB; one larger item still travels alone. */
  readonly frameBytesMax?: number;
  /** Largest item that is sent and largest frame that is read, default 64 MiB. */
  readonly itemBytesMax?: number;
  /** Most items waiting or under way; one more is refused at once. Default 8192. */
  readonly itemsMax?: number;
  /** Most bytes of items that wait to be sent, default 64 MiB. */
  readonly waitingBytesMax?: number;
  /** Time for an answer, default 10 000 ms. */
  readonly answerTimeoutMs?: number;
  /** Told when {@link FrameClient.ready} has changed. */
  readonly onChange?: () => void;
}

const MEBIBYTE = 1_048_576;
const DEFAULTS = {
  framesInFlightMax: 4,
  frameItemsMax: 256,
  frameBytesMax: MEBIBYTE,
  itemBytesMax: 64 * MEBIBYTE,
  itemsMax: 8_192,
  waitingBytesMax: 64 * MEBIBYTE,
  answerTimeoutMs: 10_000,
};
const RECONNECT_MIN_MS = 25;
/** An attempt is cheap, and until it succeeds a server that is back gets nothing to do. */
const RECONNECT_MAX_MS = 100;
const HANDSHAKE_TIMEOUT_MS = 2_000;

interface Waiter {
  readonly bytes: Uint8Array;
  readonly rest: Uint8Array | undefined;
  readonly size: number;
  readonly resolve: (reply: Uint8Array) => void;
  readonly reject: (error: DomainError) => void;
}

interface SentFrame {
  readonly waiters: (Waiter | undefined)[];
  unanswered: number;
  /** The server has begun to answer or said that it will: the frame no longer counts as in flight. */
  taken: boolean;
  readonly deadline: number;
}

type State = 'stopped' | 'connecting' | 'ready' | 'leaving' | 'waiting';

/** What an item costs beside its bytes: a request of one row takes about as long as the numbers of one KiB of JSON. */
const ITEM_LOAD_BYTES = 1_024;

/**
 * Sends items to a frame server and gives each its answer. Items sent within one turn of the event loop leave as one frame on the
 * next turn; while `framesInFlightMax` frames are under way, more gather. No timer waits for company: a lone item leaves at once.
 *
 * Not connected, every item is refused at once with `service-unavailable`. When the connection breaks, everything sent on it and not
 * yet answered fails with the same; nothing is sent twice, because the server may have done it. Reconnects by itself.
 */
export class FrameClient {
  private readonly options: typeof DEFAULTS & FrameClientOptions;
  private state: State = 'stopped';
  private socket: Socket | undefined;
  private waiting: Waiter[] = [];
  private waitingBytes = 0;
  private outstanding = 0;
  private loadBytes = 0;
  private inFlight = 0;
  private readonly sent = new Map<number, SentFrame>();
  private nextId = 1;
  private flushScheduled = false;
  private writable = true;
  private timer: NodeJS.Timeout | undefined;
  private reconnectMs = RECONNECT_MIN_MS;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private loggedFault: string | undefined;

  constructor(options: FrameClientOptions) {
    this.options = { ...DEFAULTS, ...options };
  }

  /** True when an item sent now would leave. */
  get ready(): boolean {
    return this.state === 'ready';
  }

  /** What waits or is under way, in bytes, with a share for each item whatever its size. */
  get load(): number {
    return this.loadBytes;
  }

  /** Begins to connect, and goes on for ever. */
  start(): void {
    if (this.state === 'stopped') this.open();
  }

  /** Ends the connection; what is under way fails with `service-unavailable`. */
  stop(): void {
    this.state = 'stopped';
    clearTimeout(this.reconnectTimer);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.failAll('This service is shutting down.');
    this.socket?.destroy();
    this.socket = undefined;
  }

  /**
   * @param rest goes on where `bytes` end, and must stay as it is until the answer: when it is large it is not copied
   * @returns the answer's bytes
   * @throws UnansweredError `service-unavailable` without a connection or when it breaks, `overloaded` when too much waits, `timeout`
   * @throws DomainError `payload-too-large`
   */
  send(bytes: Uint8Array, rest?: Uint8Array): Promise<Uint8Array> {
    const { itemBytesMax, itemsMax, waitingBytesMax } = this.options;
    if (this.state !== 'ready')
      return Promise.reject(
        UnansweredError.unsent('service-unavailable', 'The service behind this route is not connected.'),
      );
    const size = sizeOfEntry({ bytes, rest });
    if (size > itemBytesMax)
      return Promise.reject(new DomainError('payload-too-large', `At most ${itemBytesMax} bytes are taken.`));
    if (this.waiting.length + this.outstanding >= itemsMax || this.waitingBytes + size > waitingBytesMax)
      return Promise.reject(UnansweredError.unsent('overloaded', 'Too many requests wait already; try again shortly.'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ bytes, rest, size, resolve, reject });
      this.waitingBytes += size;
      this.loadBytes += ITEM_LOAD_BYTES + size;
      this.scheduleFlush();
    });
  }

  private scheduleFlush(): void {
    if (this.flushScheduled || this.waiting.length === 0 || !this.mayWrite()) return;
    this.flushScheduled = true;
    setImmediate(() => {
      this.flushScheduled = false;
      this.flush();
    });
  }

  private mayWrite(): boolean {
    return this.state === 'ready' && this.writable && this.inFlight < this.options.framesInFlightMax;
  }

  private flush(): void {
    while (this.waiting.length > 0 && this.mayWrite()) {
      const waiters = this.takeFrame();
      const id = this.nextId;
      this.nextId = id === 0xffff_ffff ? 1 : id + 1;
      const deadline = performance.now() + this.options.answerTimeoutMs;
      this.sent.set(id, { waiters, unanswered: waiters.length, taken: false, deadline });
      this.outstanding += waiters.length;
      this.inFlight += 1;
      this.armTimer(this.options.answerTimeoutMs);
      const entries = waiters.map(({ bytes, rest }, position) => ({ position, bytes, rest }));
      this.writable = this.socket !== undefined && writeFrame(this.socket, { kind: FRAME_KIND.request, id, entries });
    }
  }

  private takeFrame(): Waiter[] {
    let bytes = FRAME_OVERHEAD_BYTES;
    let count = 0;
    for (const { size } of this.waiting) {
      const more = size + ENTRY_OVERHEAD_BYTES;
      if (count >= this.options.frameItemsMax || (count > 0 && bytes + more > this.options.frameBytesMax)) break;
      bytes += more;
      count += 1;
      this.waitingBytes -= size;
    }
    const taken = count === this.waiting.length ? this.waiting : this.waiting.slice(0, count);
    this.waiting = count === this.waiting.length ? [] : this.waiting.slice(count);
    return taken;
  }

  private open(): void {
    this.state = 'connecting';
    this.writable = true;
    const { address, name, key, itemBytesMax } = this.options;
    const socket = connect('path' in address ? { path: address.path } : { host: address.host, port: address.port });
    this.socket = socket;
    const decoder = new FrameDecoder(itemBytesMax);
    const handshake = setTimeout(() => socket.destroy(new Error('no welcome in time')), HANDSHAKE_TIMEOUT_MS);
    socket.setNoDelay(true).setKeepAlive(true, 30_000);
    socket.once('connect', () => {
      const words = [name, key].map((text, position) => ({ position, bytes: Buffer.from(text, 'utf8') }));
      socket.write(encodeFrame({ kind: FRAME_KIND.hello, id: 0, entries: words }));
    });
    socket.on('data', (chunk) => {
      try {
        for (const frame of decoder.decode(chunk)) {
          if (frame.kind === FRAME_KIND.welcome) clearTimeout(handshake);
          this.take(frame, socket);
        }
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.on('drain', () => {
      this.writable = true;
      this.flush();
    });
    let fault = 'closed by the server';
    socket.on('error', (error) => {
      fault = 'code' in error ? String(error.code) : error.message;
    });
    socket.once('close', () => {
      clearTimeout(handshake);
      if (this.socket === socket) this.lose(fault);
    });
  }

  private take(frame: Frame, socket: Socket): void {
    if (this.socket !== socket) return;
    switch (frame.kind) {
      case FRAME_KIND.welcome:
        this.state = 'ready';
        this.reconnectMs = RECONNECT_MIN_MS;
        this.loggedFault = undefined;
        this.options.logger.info({ address: describeFrameAddress(this.options.address) }, 'frames connected');
        this.options.onChange?.();
        return;
      case FRAME_KIND.reply:
        this.takeReply(frame);
        return;
      case FRAME_KIND.farewell:
        this.state = 'leaving';
        this.options.onChange?.();
        this.failWaiting('The service behind this route is restarting.');
        this.endWhenDone();
        return;
      default:
        throw new Error(`the server sent a frame of kind ${frame.kind}`);
    }
  }

  private takeReply({ id, entries }: Frame): void {
    const frame = this.sent.get(id);
    if (!frame) return; // its time was up already
    if (!frame.taken) {
      frame.taken = true;
      this.inFlight -= 1;
    }
    for (const { position, bytes } of entries) {
      const waiter = frame.waiters[position];
      if (!waiter) throw new Error('the server answered a position that is not open');
      frame.waiters[position] = undefined;
      frame.unanswered -= 1;
      this.outstanding -= 1;
      this.loadBytes -= ITEM_LOAD_BYTES + waiter.size;
      waiter.resolve(bytes);
    }
    if (frame.unanswered === 0) this.sent.delete(id);
    if (this.state === 'leaving') this.endWhenDone();
    else this.scheduleFlush();
  }

  private endWhenDone(): void {
    if (this.sent.size === 0) this.socket?.end();
  }

  private armTimer(delayMs: number): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.expire();
    }, delayMs);
    this.timer.unref();
  }

  /** A frame that the server never took in means that it hangs: the connection goes, too. One that it took in only loses its own items. */
  private expire(): void {
    const now = performance.now();
    for (const [id, frame] of this.sent) {
      if (frame.deadline > now) {
        this.armTimer(frame.deadline - now);
        return;
      }
      this.sent.delete(id);
      this.outstanding -= frame.unanswered;
      const late = UnansweredError.sent('timeout', 'The service behind this route did not answer in time.');
      this.reject(frame.waiters, late);
      if (!frame.taken) {
        this.inFlight -= 1;
        this.socket?.destroy(new Error('no answer in time'));
        return;
      }
    }
    if (this.state === 'leaving') this.endWhenDone();
  }

  private lose(fault: string): void {
    this.socket = undefined;
    if (this.state === 'stopped') return;
    if (this.loggedFault !== fault) {
      this.loggedFault = fault; // said once, not at every attempt
      this.options.logger.warn({ address: describeFrameAddress(this.options.address), fault }, 'frames not connected');
    }
    this.state = 'waiting';
    this.options.onChange?.();
    this.failAll('The connection to the service behind this route broke; it may have done the work.');
    const delay = this.reconnectMs * (0.5 + Math.random() / 2);
    this.reconnectMs = Math.min(this.reconnectMs * 2, RECONNECT_MAX_MS);
    this.reconnectTimer = setTimeout(() => this.open(), delay);
    this.reconnectTimer.unref();
  }

  private failWaiting(detail: string): void {
    const { waiting } = this;
    this.waiting = [];
    this.waitingBytes = 0;
    this.reject(waiting, UnansweredError.unsent('service-unavailable', detail));
  }

  private failAll(detail: string): void {
    const frames = [...this.sent.values()];
    this.sent.clear();
    this.outstanding = 0;
    this.inFlight = 0;
    this.failWaiting(detail);
    const error = UnansweredError.sent('service-unavailable', detail);
    for (const { waiters } of frames) this.reject(waiters, error);
  }

  private reject(waiters: ReadonlyArray<Waiter | undefined>, error: UnansweredError): void {
    for (const waiter of waiters) {
      if (!waiter) continue;
      this.loadBytes -= ITEM_LOAD_BYTES + waiter.size;
      waiter.reject(error);
    }
  }
}
